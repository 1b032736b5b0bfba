"""Photos from the field: in pieces that resume, counted and checked, once each."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import func, select

from models import arriving
from models.arriving import MOST_PHOTOS, PhotoPiece, SentPhoto
from tests.service import Service
from tests.webhooks.assistant.field import GPS, KEY, Field, opened, photo, sha

HALF = 500


def pieces(service: Service) -> int:
    with service.ctx.db.read() as session:
        return session.scalar(select(func.count()).select_from(PhotoPiece)) or 0


def test_a_photo_comes_in_pieces_and_once(service_on_either: Service) -> None:
    """It resumes where it stopped, and loses where it was taken."""
    field, data = Field(service_on_either), photo()
    assert field.report(KEY, data).json()["photos"][sha(data)]["have"] == 0
    assert field.piece(data, 0, HALF).json()["have"] == HALF
    assert pieces(service_on_either) == 1
    again = field.piece(data, 0, HALF)
    assert (again.status_code, again.json()) == (409, {"have": HALF})
    assert field.report(KEY, data).json()["photos"][sha(data)]["have"] == HALF
    for _ in range(3):
        done = field.piece(data, HALF)
        assert (done.status_code, done.json()["state"]) == (200, "arrived")
    (paper,) = field.papers()
    assert (paper.state, paper.person_id) == ("stored", field.person)
    assert not opened(service_on_either, paper).getexif().get_ifd(GPS)
    assert pieces(service_on_either) == 0
    assert len(field.cases()) == 1


def test_a_photo_that_was_whole_when_the_server_stopped(service_on_either: Service) -> None:
    """The phone asks again, from two pages at once: it is finished, and there once."""
    field, data = Field(service_on_either), photo(side=1500)
    field.report(KEY, data)
    with service_on_either.ctx.db.begin() as session:
        found = arriving.locked_photo(session, KEY, sha(data))
        assert found is not None
        arriving.append(session, found, 0, data)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: field.piece(data, len(data)), range(4)))
    assert {one.json()["state"] for one in answers} == {"arrived"}
    assert len(field.papers()) == 1


def test_what_is_no_photo_is_refused_and_the_report_stays(service_on_either: Service) -> None:
    field, data = Field(service_on_either), b"%PDF-1.7 no photo at all"
    field.report(KEY, data)
    answer = field.piece(data)
    assert (answer.status_code, answer.json()["state"]) == (422, "refused")
    assert "不是照片" in answer.json()["why"]
    assert pieces(service_on_either) == 0
    assert "不是照片" in field.report(KEY, data).json()["photos"][sha(data)]["why"]
    assert len(field.cases()) == 1
    assert field.papers() == []


def test_other_bytes_than_were_announced(service: Service) -> None:
    """They are thrown away, and asked for once more."""
    field, data = Field(service), photo()
    field.report(KEY, data)
    wrong = field.put(f"{KEY}/photos/{sha(data)}?from=0", data=bytes(len(data)))
    assert wrong.json() == {"have": 0, "state": "coming", "why": ""}
    assert pieces(service) == 0
    assert field.piece(data).json()["state"] == "arrived"


def test_too_large_too_many_and_never_announced(service: Service) -> None:
    field, data = Field(service), photo()
    large = {"sha256": "a" * 64, "size": 11 * 1024 * 1024}
    told = field.report(photos=[large]).json()["photos"]["a" * 64]
    assert told["state"] == "refused"
    assert "10兆" in told["why"]
    assert field.piece(data).status_code == 404
    many = [{"sha256": f"{n:064x}", "size": 10} for n in range(MOST_PHOTOS + 1)]
    assert field.report(photos=many).status_code == 400
    told = field.report(photos=many[:MOST_PHOTOS]).json()["photos"]
    assert [one["state"] for one in told.values()].count("coming") == MOST_PHOTOS - 1
    field.report(photos=[many[-1]])
    assert field.put(f"{KEY}/photos/{sha(data)}?from=0", data=b"x" * 300_000).status_code == 413


def test_more_bytes_than_were_announced(service: Service) -> None:
    field, data = Field(service), photo()
    field.report(photos=[{"sha256": sha(data), "size": 10}])
    answer = field.piece(data)
    assert (answer.status_code, answer.json()["state"]) == (422, "refused")


def test_pieces_are_sealed_and_forgotten(service_on_either: Service) -> None:
    """The one who never comes back leaves nothing behind."""
    service, data = service_on_either, photo()
    field = Field(service)
    field.report(KEY, data)
    field.piece(data, 0, HALF)
    with service.ctx.db.read() as session:
        kept = session.connection().exec_driver_sql("SELECT data FROM photo_pieces").scalar_one()
        assert data[:100] not in bytes(kept)
    service.clock.advance(timedelta(days=29))
    service.drain()
    assert pieces(service) == 1
    service.clock.advance(timedelta(days=2))
    service.drain()
    assert pieces(service) == 0
    with service.ctx.db.read() as session:
        assert session.scalars(select(SentPhoto.have)).one() == 0
