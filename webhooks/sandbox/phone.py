"""The phone in the browser: people to be, a chat as WeChat shows it, and the ways into pages."""

import io
import re
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from typing import Any
from urllib.parse import quote, urlencode, urljoin, urlsplit

from flask import (
    Blueprint,
    Response,
    current_app,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from .accounts import SandboxPlace
from .control import BadRequest, find_person, public
from .links import segments
from .platform_menu import menu_of
from .platform_oauth import set_login
from .samples import SAMPLES, draw
from .state import Entry, Person, World
from .subscribing import shown as shown_subscriptions

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
GROUPS = (
    ("居民", ("resident",)),
    ("协理员", ("assistant",)),
    ("经办人", ("officer",)),
    ("负责人", ("head",)),
    ("县级", ("county", "department", "admin")),
)
ROLE_NAMES = {
    "resident": "居民",
    "assistant": "村（居）协理员",
    "officer": "乡镇经办人",
    "head": "乡镇负责人",
    "county": "县级民政",
    "department": "部门联络员",
    "admin": "系统管理员",
}
WEEKDAYS = "一二三四五六日"
_COLOURS = 8


def local(moment: datetime) -> str:
    """The demo's time as a person would say it."""
    here = moment.astimezone(SHANGHAI)
    weekday = WEEKDAYS[here.weekday()]
    return f"{here.year}年{here.month}月{here.day}日 星期{weekday} {here:%H:%M}"


def safe_next(path: str) -> str:
    """A path on this host, or the front page."""
    if re.match(r"/(?![/\\])", path) and not re.search(r"[\x00-\x1f\\]", path):
        return path
    return "/"


class Phone:
    """The pages for people."""

    def __init__(self, world: World, entry: str, places: Sequence[SandboxPlace]) -> None:
        self.world = world
        self.entry = entry
        self.places = places
        self.blueprint = Blueprint("phone", __name__)
        self.blueprint.add_app_template_filter(self.colour, "colour")
        rule = self.blueprint.add_url_rule
        rule("/", "home", self.home)
        rule("/people/<openid>", "chat", self.chat)
        rule("/people/<openid>/feed", "feed", self.feed)
        rule("/people/<openid>/login", "login", self.login)
        rule("/people/<openid>/open", "open", self.open)
        rule("/media/<media_id>", "media", self.media)
        rule("/samples/<name>.jpg", "sample", self.sample)

    @staticmethod
    def colour(openid: str) -> int:
        """Which of the avatar colours: the same one each time."""
        return sum(openid.encode()) % _COLOURS

    def groups(self, account: str) -> list[tuple[str, list[Person]]]:
        """The people of one account by what they are."""
        with self.world.lock:
            people = [p for p in self.world.people.values() if p.account == account]
        found = [(title, [p for p in people if p.role in roles]) for title, roles in GROUPS]
        return [(title, members) for title, members in found if members]

    def home(self) -> str:
        """Everyone that one can be."""
        accounts = [(a, self.groups(a.slug)) for a in self.world.accounts.values()]
        return render_template(
            "people.html",
            accounts=accounts,
            now=local(self.world.now()),
            role_names=ROLE_NAMES,
        )

    def chat(self, openid: str) -> str:
        """One person's phone."""
        person = find_person(self.world, openid)
        account = self.world.account_of(person)
        return render_template(
            "phone.html",
            person=person,
            account=account,
            groups=self.groups(account.slug),
            places=self.places,
            samples=SAMPLES,
            role_names=ROLE_NAMES,
            now=local(self.world.now()),
        )

    def feed(self, openid: str) -> Response:
        """What is new on the phone since an entry, with the menu, codes and time of now."""
        world = self.world
        person = find_person(world, openid)
        after = request.args.get("after", 0, type=int)
        moment = world.epoch()
        with world.lock:
            items = person.log[max(0, after) :]
            codes = [
                {"scene": code.scene, "expired": code.until is not None and code.until <= moment}
                for code in world.states[person.account].codes[-40:]
            ]
            menu = menu_of(world, person) if person.following else []
        return jsonify(
            items=[self._bubble(item) for item in items],
            menu=menu,
            codes=codes[::-1],
            following=person.following,
            blocks=person.blocks,
            subscriptions=shown_subscriptions(world, person),
            now=local(world.now()),
        )

    def login(self, openid: str) -> AnyResponse:
        """This browser is this person from now on, by way of the product's entry."""
        person = find_person(self.world, openid)
        target = safe_next(request.args.get("next", "/"))
        return self._go(person, self._entry(target))

    def open(self, openid: str) -> AnyResponse:
        """A link tapped on the phone: into the product as this person, or elsewhere."""
        person = find_person(self.world, openid)
        callback = self.world.account_of(person).callback_url
        url = urljoin(callback, request.args.get("url", "").strip())
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise BadRequest("only web addresses can be opened")
        if parts.hostname == "open.weixin.qq.com" and parts.path == "/connect/oauth2/authorize":
            # A menu may hold the address of the real authorisation: it is this one here.
            return self._go(person, f"{url_for('platform.authorize')}?{parts.query}")
        ours = parts.netloc in (urlsplit(callback).netloc, request.host)
        if not ours or parts.path.startswith(f"{request.script_root}/"):
            return self._go(person, url)
        path = parts._replace(scheme="", netloc="").geturl() or "/"
        return self._go(person, self._entry(safe_next(path)))

    def media(self, media_id: str) -> Response:
        """A picture that was sent, for the phone and as PicUrl."""
        media, data = self.world.media.get(media_id), self.world.blobs.get(media_id)
        if media is None or data is None:
            raise BadRequest("there is no such file", 404)
        return Response(data, content_type=media.content_type)

    def sample(self, name: str) -> Response:
        """A photo to send with one tap, drawn on the spot."""
        if name not in SAMPLES:
            raise BadRequest("there is no such sample", 404)
        picture = io.BytesIO()
        draw(name, self.world.now().astimezone(SHANGHAI)).save(picture, "JPEG", quality=85)
        return Response(picture.getvalue(), mimetype="image/jpeg")

    def _entry(self, path: str) -> str:
        # In front, the path is the address itself; anywhere else it is part of a query.
        leading = self.entry.startswith("{next}")
        return self.entry.format(next=path if leading else quote(path, safe=""))

    def _go(self, person: Person, address: str) -> AnyResponse:
        answer = current_app.make_response(redirect(address))
        return set_login(answer, person)

    def _bubble(self, item: Entry) -> dict[str, Any]:
        shown = public(item)
        if shown.get("type") == "image" and "media_id" in item:
            shown["url"] = url_for("phone.media", media_id=item["media_id"])
        at = datetime.fromisoformat(item["at"])
        here = at.astimezone(SHANGHAI)
        shown |= {
            "seq": item["seq"],
            "side": item["side"],
            "epoch": at.timestamp(),
            "time": f"{here.month}月{here.day}日 {here:%H:%M}",
        }
        for name in ("text", "head", "tail"):
            if isinstance(shown.get(name), str):
                plain = item["side"] == "phone" or shown["type"] in ("note", "template", "news")
                text = shown[name]
                shown[name] = [{"text": text}] if plain else segments(text)
        return shown


def query_string(pairs: list[tuple[str, str]], **more: str) -> Markup:
    """A query for a link in a template."""
    return Markup("?") + urlencode([*pairs, *more.items()])
