"""A household of 大湾村 whose case is at work, and an officer who asks the assistant for help."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from models import errandwork
from models.cases import Case
from models.errands import Errand, ErrandKind
from models.people import Staff, view_of
from models.policy import StaffView
from models.statuses import Role
from models.tasks import Task
from tests.service import Service
from tests.webhooks.assistant.field import Field
from tests.webhooks.pages import moved


def asked_for(service: Service, name: str = "覃水根") -> str:
    """Somebody of 大湾村 asks for help; the receipt."""
    phone = service.follower(name)
    phone.talk(
        "我腰伤了两个月，地里的活干不了，没钱过日子", "还能撑几天", "大湾村", "在", "1口人，老人",
        "1", name, "没有", "没有", "同意", "对",
    )
    with service.ctx.db.read() as db:
        case = db.scalars(select(Case).order_by(Case.id.desc())).first()
        assert case is not None
        assert case.name == name
        return case.receipt


def investigated(service: Service, name: str = "覃水根") -> str:
    """The same, registered, accepted, and to be visited."""
    receipt = asked_for(service, name)
    moved(service, receipt, "register")
    moved(service, receipt, "accept", scheme="dibao")
    moved(service, receipt, "investigate")
    return receipt


def officer(service: Service) -> StaffView:
    """An officer of 大湾镇."""
    with service.ctx.db.read() as db:
        post = db.scalars(
            select(Staff).where(Staff.role == Role.OFFICER, Staff.area == "450799101000")
        ).first()
        assert post is not None
        return view_of(post)


def post_of(service: Service, field: Field) -> int:
    with service.ctx.db.read() as db:
        query = select(Staff.id).where(Staff.person_id == field.person, Staff.left_at.is_(None))
        return db.scalars(query).one()


def ask(
    service: Service, field: Field, receipt: str, kind: str, days: int = 3, words: str = ""
) -> str:
    """The officer asks; the errand's key."""
    post = post_of(service, field)
    with service.ctx.db.begin() as db:
        made = errandwork.ask(
            service.ctx, db, officer(service), receipt, ErrandKind(kind), helper=post,
            due_on=service.ctx.today() + timedelta(days=days), words=words,
        )
        return made.key


def errand(service: Service, key: str) -> Errand:
    with service.ctx.db.read() as db:
        return db.scalars(select(Errand).where(Errand.key == key)).one()


def case_of(service: Service, receipt: str) -> Case:
    with service.ctx.db.read() as db:
        return db.scalars(select(Case).where(Case.receipt == receipt)).one()


def task_of(service: Service, receipt: str, kind: str) -> Task:
    with service.ctx.db.read() as db:
        query = select(Task).join(Case).where(Case.receipt == receipt, Task.kind == kind)
        return db.scalars(query.order_by(Task.id.desc())).first() or Task()


def send(
    field: Field, key: str, photos: tuple[dict[str, Any], ...] = (), **said: str
) -> Any:
    """What the phone sends: words by field."""
    headers = {"X-CSRFToken": field.token().json()["token"]}
    body = {"said": {name: {"words": words} for name, words in said.items()}, "at": None,
            "photos": list(photos), "noted_at": ""}
    return field.http.put(
        f"{field.service.address}/m/errands/{key}", json=body, headers=headers, timeout=30
    )
