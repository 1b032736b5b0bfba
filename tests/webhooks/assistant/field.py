"""An assistant's phone without its scripts: what they send, sent by hand."""

from __future__ import annotations

import hashlib
import io
from typing import Any

import requests
from PIL import Image
from sqlalchemy import select

from models.cases import Attachment, Case
from models.people import Staff
from models.speaking import known_person
from models.statuses import Role
from models.storage import Storage
from tests.service import Phone, Service

DAWAN, QIAOTOU, SHANGTUN = "450799101200", "450799101202", "450799101203"
KEY = "0123456789abcdef0123456789abcdef"
GPS = 0x8825
SAID: dict[str, dict[str, Any]] = {
    "living": {"choice": [DAWAN]},
    "name": {"words": "黄阿婆"},
    "spot": {"words": "三组，老粮站后面"},
    "what": {"words": "老人一个人住，前天摔了，灶台是冷的，米缸空了"},
    "urgent": {"choice": ["now_new"]},
    "aware": {"choice": ["unaware"]},
    "phone": {"words": "没有"},
}


def photo(shade: str = "#885533", side: int = 60) -> bytes:
    """A JPEG that says where it was taken."""
    exif = Image.Exif()
    exif.get_ifd(GPS).update({1: "N", 2: (22.0, 20.0, 27.0), 3: "E", 4: (108.0, 27.0, 9.0)})
    kept = io.BytesIO()
    Image.new("RGB", (side, side), shade).save(kept, "JPEG", exif=exif)
    return kept.getvalue()


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def appoint(service: Service, phone: Phone, *villages: str) -> int:
    """Make someone an assistant in these villages; the person's number."""
    ctx = service.ctx
    with ctx.db.begin() as session:
        person = known_person(ctx, session, "county", phone.openid)
        session.add_all(
            Staff(
                name="韦秀兰", name_key=ctx.keys.lookup("name", "韦秀兰"), role=Role.ASSISTANT,
                area=village, person_id=person, created_at=ctx.now(),
            )
            for village in villages
        )
    return person


def opened(service: Service, paper: Attachment) -> Image.Image:
    """A photo as it is kept."""
    ctx = service.ctx
    return Image.open(io.BytesIO(Storage(ctx.settings.storage_url, ctx.keys).get(paper.path)))


class Field:
    """An assistant with a browser."""

    def __init__(self, service: Service, *villages: str) -> None:
        self.service = service
        self.phone = service.follower("韦秀兰")
        self.person = appoint(service, self.phone, *(villages or (DAWAN,)))
        self.http = service.browser(self.phone)
        self.http.headers["Accept"] = "application/json"

    def token(self) -> requests.Response:
        return self.http.get(f"{self.service.address}/m/discover/token", timeout=30)

    def send(self, method: str, path: str, token: str = "", **sent: Any) -> requests.Response:
        """Ask one of the page's other addresses."""
        headers = {"X-CSRFToken": token or self.token().json()["token"]}
        return self.http.request(
            method, f"{self.service.address}/m/discover/{path}", headers=headers, timeout=60, **sent
        )

    def put(self, path: str, **sent: Any) -> requests.Response:
        headers = {"X-CSRFToken": self.token().json()["token"]}
        return self.http.put(
            f"{self.service.address}/m/discover/reports/{path}", headers=headers, timeout=60, **sent
        )

    def report(self, key: str = KEY, *photos: bytes, **more: Any) -> requests.Response:
        """Send a report; `said` replaces answers."""
        said = {**SAID, **more.pop("said", {})}
        body = {
            "said": {key: value for key, value in said.items() if value}, "at": None,
            "photos": [{"sha256": sha(data), "size": len(data)} for data in photos],
            "noted_at": "2026-11-24T01:00:00.000Z", **more,
        }
        return self.put(key, json=body)

    def piece(
        self, data: bytes, start: int = 0, stop: int | None = None, key: str = KEY
    ) -> requests.Response:
        """Send bytes of a photo."""
        return self.put(f"{key}/photos/{sha(data)}?from={start}", data=data[start:stop])

    def cases(self) -> list[Case]:
        with self.service.ctx.db.read() as session:
            query = select(Case).where(Case.person_id == self.person).order_by(Case.id)
            return list(session.scalars(query))

    def papers(self, key: str = KEY) -> list[Attachment]:
        with self.service.ctx.db.read() as session:
            query = select(Attachment).where(Attachment.bundle == key).order_by(Attachment.id)
            return list(session.scalars(query))

    def leave(self) -> None:
        """The post ends."""
        with self.service.ctx.db.begin() as session:
            for post in session.scalars(select(Staff).where(Staff.person_id == self.person)):
                post.left_at = self.service.ctx.now()
