"""Photos and recordings from the platform: kept, tried again, refused, or lost; and said so."""

from __future__ import annotations

import base64
import io
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256

import pytest
from PIL import Image
from sqlalchemy import select

from models.cases import Attachment
from models.outgoing import Occasion
from models.pushes import Push
from models.storage import Storage
from notices.draining import drain
from notices.media import fetch_waiting
from tests.notices.house import House, Someone

GET = "media/get"


def photo(width: int = 600, height: int = 400) -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "a phone that tells where it was"
    out = io.BytesIO()
    Image.new("RGB", (width, height), "white").save(out, "JPEG", exif=exif)
    return out.getvalue()


@pytest.fixture
def wang(house: House) -> Someone:
    someone = house.follow()
    house.write(someone)
    return someone


@pytest.fixture
def storage(house: House) -> Storage:
    return Storage("memory://papers", house.ctx.keys)


def kept(house: House, data: bytes, kind: str = "image", name: str = "image.jpg") -> str:
    """A file as the platform has it after somebody sent it."""
    return str(house.world.store("qingshui", kind, "image/jpeg", name, data).media_id)


def waiting(house: House, who: Someone, media_id: str, kind: str = "image") -> int:
    now = house.clock.now()
    with house.ctx.db.begin() as session:
        row = Attachment(
            bundle="b1", person_id=who.person, account=who.account, kind=kind, media_id=media_id,
            state="waiting", next_try_at=now, created_at=now,
        )
        session.add(row)
        session.flush()
        return row.id


def row_of(house: House, attachment: int) -> Attachment:
    with house.ctx.db.read() as session:
        row = session.get(Attachment, attachment)
        assert row is not None
        return row


def told(house: House, who: Someone) -> list[str]:
    while drain(house.ctx):
        pass
    with house.ctx.db.read() as session:
        pushes = session.scalars(select(Push).where(Push.occasion == Occasion.PAPER_LOST)).all()
    texts = house.texts(who)
    assert len(texts) == len(pushes)
    return texts


def test_a_good_photo_is_kept_without_what_it_tells(
    house: House, wang: Someone, storage: Storage
) -> None:
    data = photo()
    house.control(f"people/{wang.openid}/send", {"image": base64.b64encode(data).decode()})
    media_id = next(iter(house.world.media))
    attachment = waiting(house, wang, media_id)
    assert fetch_waiting(house.ctx, storage) == 1
    row = row_of(house, attachment)
    assert (row.state, row.content_type, row.next_try_at) == ("stored", "image/jpeg", None)
    found = storage.get(row.path)
    assert (row.size, row.sha256) == (len(found), sha256(found).hexdigest())
    assert b"where it was" in data
    assert b"where it was" not in found
    assert fetch_waiting(house.ctx, storage) == 0
    assert told(house, wang) == []


def test_a_recording_is_kept(house: House, wang: Someone, storage: Storage) -> None:
    house.control(f"people/{wang.openid}/send", {"voice": "我家男人摔断了腿"})
    attachment = waiting(house, wang, next(iter(house.world.media)), "voice")
    fetch_waiting(house.ctx, storage)
    assert (row_of(house, attachment).state, row_of(house, attachment).content_type) == (
        "stored", "audio/amr",
    )


def test_thirty_megabytes_are_not_read_to_the_end(
    house: House, wang: Someone, storage: Storage
) -> None:
    attachment = waiting(house, wang, kept(house, b"\xff\xd8\xff" + bytes(30 * 1024 * 1024)))
    fetch_waiting(house.ctx, storage)
    row = row_of(house, attachment)
    assert (row.state, row.size, row.path) == ("refused", 0, "")
    [text] = told(house, wang)
    assert "太大" in text


def test_a_text_file_named_jpg_is_no_photo(
    house: House, wang: Someone, storage: Storage
) -> None:
    attachment = waiting(house, wang, kept(house, "<script>明文</script>".encode() * 9))
    fetch_waiting(house.ctx, storage)
    assert row_of(house, attachment).state == "refused"
    [text] = told(house, wang)
    first, *rest = text.splitlines()
    assert first == "您发的材料没收到，请再发一次"
    assert "11月24日" in rest[0]
    assert "这不是照片" in rest[0]
    assert "script" not in text


def test_noise_called_a_recording_is_refused(
    house: House, wang: Someone, storage: Storage
) -> None:
    attachment = waiting(house, wang, kept(house, b"noise" * 99, "voice", "v.amr"), "voice")
    fetch_waiting(house.ctx, storage)
    assert row_of(house, attachment).state == "refused"
    assert "打字" in told(house, wang)[0]


def test_what_is_three_days_old_is_lost(
    house: House, wang: Someone, storage: Storage
) -> None:
    attachment = waiting(house, wang, kept(house, photo()))
    house.clock.move(days=3, seconds=1)
    house.write(wang)
    fetch_waiting(house.ctx, storage)
    assert row_of(house, attachment).state == "lost"
    assert "再发一次" in told(house, wang)[0]


def test_trouble_is_tried_again_and_then_lost(
    house: House, wang: Someone, storage: Storage
) -> None:
    good = waiting(house, wang, kept(house, photo()))
    house.fault(GET, status=502, times=2)
    for _ in range(3):
        fetch_waiting(house.ctx, storage)
        house.clock.move(minutes=5)
    assert (row_of(house, good).state, row_of(house, good).tries) == ("stored", 3)
    bad = waiting(house, wang, kept(house, photo()))
    house.fault(GET, errcode=-1, times=1000)
    for _ in range(6):
        assert fetch_waiting(house.ctx, storage) == 1
        assert fetch_waiting(house.ctx, storage) == 0
        house.clock.move(hours=5)
    assert row_of(house, bad).state == "lost"


def test_a_stopped_account_costs_no_photo(
    house: House, wang: Someone, storage: Storage
) -> None:
    attachment = waiting(house, wang, kept(house, photo()))
    house.fault(GET, errcode=48004, times=10)
    for _ in range(10):
        fetch_waiting(house.ctx, storage)
        house.clock.move(minutes=6)
    assert row_of(house, attachment).state == "waiting"
    fetch_waiting(house.ctx, storage)
    assert row_of(house, attachment).state == "stored"


def test_an_account_that_may_fetch_nothing_says_so_at_once(
    house: House, storage: Storage
) -> None:
    aunt = house.follow("陈阿婆", account="xiaowan")
    media = house.world.store("xiaowan", "image", "image/jpeg", "image.jpg", photo())
    attachment = waiting(house, aunt, media.media_id)
    fetch_waiting(house.ctx, storage)
    assert row_of(house, attachment).state == "lost"
    while drain(house.ctx):
        pass
    assert house.held(aunt)


def test_a_full_disk_costs_no_photo(house: House, wang: Someone, storage: Storage) -> None:
    attachment = waiting(house, wang, kept(house, photo()))

    class Full:
        def put(self, _data: bytes) -> str:
            raise OSError(28, "No space left on device")

    for _ in range(10):
        fetch_waiting(house.ctx, Full())
        house.clock.move(minutes=6)
    fetch_waiting(house.ctx, storage)
    assert row_of(house, attachment).state == "stored"


def test_a_refused_token_is_renewed_for_files_too(
    house: House, wang: Someone, storage: Storage
) -> None:
    attachment = waiting(house, wang, kept(house, photo()))
    house.fault(GET, errcode=42001)
    fetch_waiting(house.ctx, storage)
    assert row_of(house, attachment).state == "stored"


def test_two_workers_fetch_each_file_once(either: House) -> None:
    house = either
    wang = house.follow()
    storage = Storage("memory://papers", house.ctx.keys)
    papers = [waiting(house, wang, kept(house, photo())) for _ in range(8)]
    twin = house.other()
    with ThreadPoolExecutor(2) as pool:
        for _ in range(3):
            list(pool.map(lambda ctx: fetch_waiting(ctx, storage), (house.ctx, twin)))
    assert {row_of(house, paper).state for paper in papers} == {"stored"}
    assert len(house.calls(GET)) == 8
