"""An article sent to many followers at once, by their openids."""

import secrets
from datetime import datetime, timedelta, timezone
from typing import Any

from .acts import Act
from .errors import MESSAGES, PlatformError
from .markup import build
from .platform import Body, Call, PlatformApi, verified_service
from .replies import news_item
from .state import Entry, Person

FEWEST, MOST = 2, 10_000  # openids in one call
MONTHLY = 4  # what one person gets from a service account in a month
DAILY, A_MINUTE = 100, 60  # calls by one account: the quota of a new one, and the pace
MOST_CLIENT_ID = 64  # bytes
RETRY_SECONDS = 60.0  # sooner than this the same clientmsgid is too fast
REMEMBERED_SECONDS = 86400.0  # how long a clientmsgid and a call count
EVENT_AFTER = 0.3
# Months and days turn over by the clock in China.
CHINA = timezone(timedelta(hours=8))
# The platform tells this by itself: it comes from no follower.
TELLER = "o_mphelper_00000000000000000"


def _addressees(call: Call) -> list[str]:
    """Whom it is for, each once; 40032 for too few or too many."""
    rows = call.body.get("touser")
    if not isinstance(rows, list) or not all(isinstance(row, str) for row in rows):
        raise PlatformError(47001, "touser is not a list")
    if not FEWEST <= len(rows) <= MOST:
        raise PlatformError(40032)
    return list(dict.fromkeys(rows))


def _client_id(call: Call) -> str | None:
    given = call.body.get("clientmsgid")
    if given is None:
        return None
    if not isinstance(given, str) or not 0 < len(given.encode()) <= MOST_CLIENT_ID:
        raise PlatformError(40035, "clientmsgid")
    return given


def _media_id(call: Call) -> str:
    if call.body.get("msgtype") != "mpnews":
        raise PlatformError(40008)
    part = call.body.get("mpnews")
    media_id = part.get("media_id") if isinstance(part, dict) else None
    if not isinstance(media_id, str) or not media_id:
        raise PlatformError(41006)
    return media_id


def _known(earlier: list[dict[str, Any]], client_id: str | None, moment: float) -> Body | None:
    """The answer to a clientmsgid that was there before: 45065 with the number it has."""
    for row in earlier:
        if client_id is not None and row["client_id"] == client_id:
            if moment - row["at"] < RETRY_SECONDS:
                raise PlatformError(45066)
            return {"errcode": 45065, "errmsg": MESSAGES[45065], "msg_id": row["msg_id"]}
    return None


def _within_quota(earlier: list[dict[str, Any]], moment: float) -> None:
    """45009 when the day's calls are used up, 45011 when they come too fast."""
    today = datetime.fromtimestamp(moment, CHINA).date()
    same_day = [row for row in earlier if datetime.fromtimestamp(row["at"], CHINA).date() == today]
    if len(same_day) >= DAILY:
        raise PlatformError(45009)
    if sum(moment - row["at"] < 60 for row in earlier) >= A_MINUTE:
        raise PlatformError(45011)


def _got_this_month(person: Person, moment: float) -> int:
    """How many such messages this person has had since the month began."""
    now = datetime.fromtimestamp(moment, CHINA)
    times = [
        datetime.fromisoformat(item["at"]).astimezone(CHINA)
        for item in person.log if item.get("channel") == "mass"
    ]
    return sum((time.year, time.month) == (now.year, now.month) for time in times)


def _reachable(call: Call, openids: list[str], moment: float) -> list[Person]:
    """Who is left after those who do not follow, who refuse, and who have had their four."""
    found = (call.world.people.get(openid) for openid in openids)
    return [
        person for person in found
        if person is not None and person.account == call.account.slug and person.following
        and not person.blocks and _got_this_month(person, moment) < MONTHLY
    ]


def _addresses(message_id: int, count: int) -> list[str]:
    return [f"https://mp.weixin.qq.com/s/{message_id}-{place}" for place in range(1, count + 1)]


def _item(articles: list[dict[str, str]], addresses: list[str]) -> Entry:
    return news_item([
        {"title": row["title"], "description": row["digest"], "picture": "", "url": address}
        for row, address in zip(articles, addresses, strict=True)
    ])


def _finished(message_id: int, total: int, sent: int, addresses: list[str]) -> Act:
    """MASSSENDJOBFINISH: counts alone, never who. FilterCount is who was left, not who was not."""
    rows = "".join(
        build([("ArticleIdx", place), ("ArticleUrl", address)])
        .replace("<xml>", "<item>").replace("</xml>", "</item>")
        for place, address in enumerate(addresses, start=1)
    )
    urls = f"<Count>{len(addresses)}</Count><ResultList>{rows}</ResultList>"
    return Act(
        "MASSSENDJOBFINISH",
        [
            ("MsgType", "event"),
            ("Event", "MASSSENDJOBFINISH"),
            ("MsgID", message_id),
            ("Status", "send success"),
            ("TotalCount", total),
            ("FilterCount", sent),
            ("SentCount", sent),
            ("ErrorCount", 0),
        ],
        event=True,
        answerable=False,
        nested=f"<ArticleUrlResult>{urls}</ArticleUrlResult>",
    )


def send(call: Call) -> Body:
    """message/mass/send: taken in; how many it reached is told by an event. The draft is gone."""
    openids, client_id, media_id = _addressees(call), _client_id(call), _media_id(call)
    state, moment = call.world.states[call.account.slug], call.world.epoch()
    with call.world.lock:
        state.masses = [row for row in state.masses if moment - row["at"] < REMEMBERED_SECONDS]
        known = _known(state.masses, client_id, moment)
        if known is not None:
            return known
        _within_quota(state.masses, moment)
        articles = state.drafts.pop(media_id, None)
        if articles is None:
            raise PlatformError(40007)
        message_id = 10**9 + secrets.randbelow(3 * 10**9)
        state.masses.append({"client_id": client_id, "msg_id": message_id, "at": moment})
        people = _reachable(call, openids, moment)
        addresses = _addresses(message_id, len(articles))
        for person in people:
            call.world.receive(person, "mass", _item(articles, addresses))
    call.world.on_change()
    event = _finished(message_id, len(openids), len(people), addresses)
    account = call.account
    call.delivery.later(EVENT_AFTER, lambda: call.delivery.event(account, TELLER, event))
    return {
        "errcode": 0, "errmsg": "send job submission success",
        "msg_id": message_id, "msg_data_id": 2_000_000_000,
    }


def register(api: PlatformApi) -> None:
    """Put this call on the API."""
    api.add("cgi-bin/message/mass/send", send, entitled=verified_service)
