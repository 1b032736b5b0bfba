"""Before a report is sent: what is half written lies here too, and what is reported is said."""

from __future__ import annotations

import json
from datetime import timedelta

from sqlalchemy import select, text

from models import halfwritten
from models.audit import AuditEntry
from models.cases import Case
from models.halfwritten import HalfWritten
from models.inquiring import Inquiry
from models.statuses import Status
from tests.service import Service
from tests.webhooks.assistant.field import DAWAN, KEY, QIAOTOU, SAID, Field

OTHER = "b" * 32


def asked(field: Field, name: str, living: str = DAWAN) -> bool:
    answer = field.send("POST", "known", json={"living": living, "name": name})
    assert set(answer.json()) == {"known"}, answer.text
    found: bool = answer.json()["known"]
    return found


def offered(field: Field) -> list[str]:
    return [draft["id"] for draft in field.send("GET", "drafts").json()["drafts"]]


def begun(field: Field, key: str = KEY, name: str = "黄阿婆") -> None:
    written = {"said": {"name": {"words": name}}, "at": None, "photos": []}
    assert field.send("PUT", f"drafts/{key}", json=written).json() == {"kept": True}


def rows(service: Service) -> list[HalfWritten]:
    with service.ctx.db.read() as session:
        return list(session.scalars(select(HalfWritten)))


def test_what_is_reported_is_said_and_nothing_else(service_on_either: Service) -> None:
    """Yes of an open matter in a village of theirs; of all others nothing is known."""
    field, other = Field(service_on_either), Field(service_on_either, QIAOTOU)
    assert not asked(field, "黄阿婆")
    field.report()
    assert asked(field, " 黄阿婆 ")
    assert not asked(field, "李大爷")
    assert not asked(field, "")
    # Who has no post there fishes in vain, also by their own village.
    assert not asked(other, "黄阿婆")
    assert not asked(other, "黄阿婆", QIAOTOU)
    with service_on_either.ctx.db.begin() as session:
        session.scalars(select(Case)).one().status = Status.ASSISTED
    assert not asked(field, "黄阿婆"), "that a household is helped is told to nobody"


def test_nobody_fishes_for_names(service: Service) -> None:
    """Of so many households a day; the same one asked again is one. Each question is kept."""
    field = Field(service)
    field.report()
    for number in range(service.ctx.settings.discovery.asks_per_day - 1):
        asked(field, f"名字{number}")
        asked(field, "名字0")
    assert asked(field, "黄阿婆")
    assert not asked(field, "再一个")
    assert asked(field, "黄阿婆"), "what was asked before is answered"
    service.clock.advance(timedelta(days=1))
    assert not asked(field, "再一个")
    with service.ctx.db.read() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.action == "household.asked"))
        details = [json.loads(entry.detail) for entry in entries]
        assert sum(not one["answered"] for one in details) == 1
        assert not any("阿婆" in str(one) for one in details)
        assert len(session.scalars(select(Inquiry)).all()) == 21


def test_a_draft_is_replaced_by_the_next_and_gone_when_handed_in(
    service_on_either: Service,
) -> None:
    field, other = Field(service_on_either), Field(service_on_either)
    begun(field, name="黄")
    begun(field)
    (draft,) = field.send("GET", "drafts").json()["drafts"]
    assert (draft["id"], draft["said"]["name"]["words"]) == (KEY, "黄阿婆")
    assert offered(other) == []
    assert field.report().ok
    assert rows(service_on_either) == []
    # What was on its way meanwhile does not bring it back.
    late = field.send("PUT", f"drafts/{KEY}", json={"said": SAID})
    assert late.json() == {"kept": False}
    assert rows(service_on_either) == []


def test_a_draft_is_sealed_thrown_away_and_forgotten(service: Service) -> None:
    field, other = Field(service), Field(service)
    begun(field)
    with service.ctx.db.read() as session:
        raw = session.scalar(text("SELECT written FROM half_written"))
    assert "阿婆".encode() not in bytes(raw)
    assert other.send("DELETE", f"drafts/{KEY}").ok
    assert offered(field) == [KEY], "nobody throws away what is another's"
    begun(field, OTHER)
    assert field.send("DELETE", f"drafts/{KEY}").ok
    assert offered(field) == [OTHER]
    service.clock.advance(timedelta(days=service.ctx.settings.discovery.draft_days, minutes=1))
    assert offered(field) == []


def test_so_many_drafts_and_no_more(service: Service) -> None:
    field = Field(service)
    for number in range(halfwritten.MOST + 2):
        begun(field, f"{number:032x}")
    assert len(rows(service)) == halfwritten.MOST
    assert offered(field)[0] == f"{halfwritten.MOST + 1:032x}"


def test_who_leaves_neither_asks_nor_keeps(service: Service) -> None:
    field = Field(service)
    field.token()
    begun(field)
    token = field.token().json()["token"]
    field.leave()
    for method, path in (("GET", "drafts"), ("PUT", f"drafts/{KEY}"), ("POST", "known")):
        answer = field.send(method, path, token=token, json={})
        assert answer.status_code == 404, path


def test_one_draft_from_two_phones_is_one_report(service_on_either: Service) -> None:
    """Said plainly, and what the second one says otherwise is kept with it."""
    field = Field(service_on_either)
    first = field.report().json()
    more = {"what": {"words": "今天去看，门锁着，邻居说住院了"}}
    second = field.report(said=more, noted_at="2026-11-24T09:00:00.000Z").json()
    assert first["notes"] == []
    assert (second["receipt"], second["notes"]) == (first["receipt"], ["twice"])
    (case,) = field.cases()
    assert case.answers["more"] == ["今天去看，门锁着，邻居说住院了"]
