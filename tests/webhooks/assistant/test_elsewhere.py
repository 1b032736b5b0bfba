"""在浏览器打开: a one-time link from WeChat's web view into the phone's own browser."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

import requests
from sqlalchemy import select

from models.audit import AuditEntry
from models.people import Staff, WebSession
from models.statuses import Role
from tests.service import Service
from tests.webhooks.assistant.field import DAWAN, Field
from tests.webhooks.pages import Browser

WECHAT = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) MicroMessenger/8.0.50"


def link(field: Field) -> str:
    """The link that the page asks for."""
    answer = field.send("POST", "browser", allow_redirects=False)
    assert answer.status_code == 303, answer.text
    made: str = answer.headers["Location"]
    assert made.endswith("?to=browser")
    return made


def used(service: Service, made: str) -> Browser:
    """Somebody opens it in another browser and goes in."""
    there = Browser(service)
    parts = urlsplit(made)
    there.open(f"{parts.path}?{parts.query}")
    there.post(parts.path.removeprefix("/m"))
    return there


def test_it_signs_in_there_once(service: Service) -> None:
    """The same page, as the same person; nobody else by the same link, and it is written down."""
    field = Field(service)
    made = link(field)
    there = used(service, made)
    assert there.status == 200
    assert "data-form" in there.text
    assert there.page.url.endswith("/m/discover")
    again = used(service, made)
    assert again.status == 410
    assert "用过了" in again.text
    with service.ctx.db.read() as session:
        entries = session.scalars(
            select(AuditEntry).where(AuditEntry.action.startswith("link."))
        ).all()
        assert [(one.action, one.person_id) for one in entries] == [
            ("link.made", field.person), ("link.used", field.person),
        ]
        ways = session.scalars(select(WebSession.way).order_by(WebSession.id)).all()
        assert ways[-1] == "browser"


def test_it_is_good_for_minutes_and_says_nothing_of_anybody(service: Service) -> None:
    field = Field(service)
    made = link(field)
    assert str(field.person) not in urlsplit(made).path.rsplit("/", 1)[0]
    assert field.phone.openid not in made
    assert DAWAN not in made
    minutes = service.ctx.settings.discovery.link_minutes
    there = Browser(service)
    parts = urlsplit(made)
    there.open(f"{parts.path}?{parts.query}")
    assert f"{minutes} 分钟内有效" in there.text
    form = there.form(parts.path.removeprefix("/m"))
    service.clock.advance(timedelta(minutes=minutes, seconds=1))
    there.post("", form=form)
    assert there.status == 410


def test_in_wechat_it_says_what_to_do_and_uses_nothing_up(service: Service) -> None:
    field = Field(service)
    made = link(field)
    seen = requests.get(made, headers={"User-Agent": WECHAT}, timeout=30).text
    for words in ("右上角", "在浏览器打开", "复制地址", made.partition("?")[0]):
        assert words in seen
    assert "<form" not in seen.partition("<main")[2].partition("</main")[0]
    assert used(service, made).status == 200


def test_it_opens_no_desk(service: Service) -> None:
    """Who is an officer too comes in as the assistant alone."""
    field = Field(service)
    ctx = service.ctx
    with ctx.db.begin() as session:
        session.add(
            Staff(name="韦秀兰", name_key=b"x" * 16, role=Role.OFFICER, area="450799101000",
                  person_id=field.person, created_at=ctx.now())
        )
    there = used(service, link(field))
    assert there.page.url.endswith("/m/discover")
    there.open("/desk/")
    assert "/desk/sign" in there.page.url


def test_who_leaves_meanwhile_is_out_there_too(service: Service) -> None:
    field = Field(service)
    token, made = field.token().json()["token"], link(field)
    field.leave()
    assert field.send("POST", "browser", token=token).status_code == 404
    assert "data-form" not in used(service, made).text
