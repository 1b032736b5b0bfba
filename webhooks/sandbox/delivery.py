"""Delivers messages and events to the product's callback, and brings the answers back."""

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import Any

import requests

from .accounts import SandboxAccount
from .acts import Act
from .crypto import encrypt, signature
from .markup import Field, build
from .replies import OUTAGE, Answer, InvalidReply, read_answer
from .state import Entry, Person, World

DELIVERIES = 3  # in all: the first and two repetitions


@dataclass(frozen=True)
class Attempt:
    """How one delivery ended: "reply", "none", "invalid", "late" or "refused"."""

    outcome: str
    answer: Answer = field(default_factory=Answer)
    reason: str = ""


@dataclass(frozen=True)
class Letter:
    """One message to deliver, the same through all its repetitions."""

    account: SandboxAccount
    openid: str
    act: Act
    message_id: int
    xml: str


class Delivery:
    """The platform's sending side."""

    def __init__(self, world: World, retry_seconds: float) -> None:
        self.world = world
        self.seconds = retry_seconds
        self.sessions = threading.local()
        self.errands: SimpleQueue[tuple[float, Callable[[], object]]] = SimpleQueue()
        self.runners = 0

    def act(self, person: Person, act: Act) -> Entry:
        """A person does something: deliver it, show the answer, and report what came."""
        world = self.world
        with world.lock:
            if act.after.get("following"):
                person.followed_at = world.epoch()
            for name, value in act.after.items():
                setattr(person, name, value)
            if not person.following:
                person.windows.clear()
            elif act.trigger:
                world.open_window(person, act.trigger)
        if act.bubble:
            world.show(person, "phone", **act.bubble)
        fault = world.take_fault(callback=True)
        letter = self._letter(world.account_of(person), person.openid, act)
        result: Entry = {}
        if fault and fault.callback == "repeat":
            attempt, result["repeats"] = self._twice(letter)
        else:
            attempt = self._deliver(letter, drop=fault is not None)
        result["replies"] = self._show(person, act, attempt)
        return result

    def event(self, account: SandboxAccount, openid: str, act: Act) -> None:
        """Something the platform tells by itself; nobody sees the answer."""
        self._deliver(self._letter(account, openid, act))

    def later(self, seconds: float, errand: Callable[[], object]) -> None:
        """Do something a moment from now, on a few threads of the sandbox's own."""
        self.errands.put((time.monotonic() + seconds, errand))
        with self.world.lock:
            if self.runners < 4:
                self.runners += 1
                name = f"sandbox-errands-{self.runners}"
                threading.Thread(target=self._run_errands, name=name, daemon=True).start()

    def verify(self, account: SandboxAccount) -> Entry:
        """The check that the platform makes when a callback address is saved."""
        echo = str(secrets.randbelow(10**19))
        query = {**self._signed(account), "echostr": echo}
        try:
            response = self._session().get(
                account.callback_url, params=query, timeout=self.seconds, allow_redirects=False
            )
        except requests.RequestException as error:
            return {"ok": False, "reason": f"no answer: {type(error).__name__}"}
        if response.status_code != 200:
            return {"ok": False, "reason": f"HTTP {response.status_code}"}
        if response.content != echo.encode():
            return {"ok": False, "reason": "the answer is not the echostr"}
        return {"ok": True}

    def _run_errands(self) -> None:
        while True:
            due, errand = self.errands.get()
            time.sleep(max(0.0, due - time.monotonic()))
            errand()

    def _session(self) -> requests.Session:
        session: requests.Session | None = getattr(self.sessions, "session", None)
        if session is None:
            session = self.sessions.session = requests.Session()
            session.trust_env = False  # the callback is on this machine: no proxy in between
        return session

    def _signed(self, account: SandboxAccount) -> dict[str, str]:
        timestamp = str(int(self.world.epoch()))
        nonce = str(secrets.randbelow(10**10))
        signed = signature(account.token, timestamp, nonce)
        return {"signature": signed, "timestamp": timestamp, "nonce": nonce}

    def _letter(self, account: SandboxAccount, openid: str, act: Act) -> Letter:
        # 64 bits and beyond 2**53: whoever puts it into a float loses its last digits.
        message_id = 2**62 + secrets.randbelow(2**61)
        fields: list[Field] = [
            ("ToUserName", account.original_id),
            ("FromUserName", openid),
            ("CreateTime", int(self.world.epoch())),
            *act.fields,
        ]
        if not act.event:
            fields.append(("MsgId", message_id))
        return Letter(account, openid, act, message_id, build(fields, act.nested))

    def _post(self, letter: Letter) -> requests.Response:
        account = letter.account
        query = {**self._signed(account), "openid": letter.openid}
        body = letter.xml
        if account.mode != "plain":
            encrypted = encrypt(letter.xml, account.aes_key, account.app_id)
            query["encrypt_type"] = "aes"
            query["msg_signature"] = signature(
                account.token, query["timestamp"], query["nonce"], encrypted
            )
            if account.mode == "safe":
                body = build([("ToUserName", account.original_id), ("Encrypt", encrypted)])
            else:
                tail = build([("Encrypt", encrypted)]).removeprefix("<xml>")
                body = letter.xml.removesuffix("</xml>") + "\n" + tail
        return self._session().post(
            account.callback_url,
            params=query,
            data=body.encode(),
            headers={"Content-Type": "text/xml", "User-Agent": "Mozilla/4.0"},
            timeout=self.seconds,
            allow_redirects=False,
        )

    def _once(self, letter: Letter, number: int, *, repeat: bool = False) -> Attempt:
        started = time.monotonic()
        try:
            response = self._post(letter)
            if time.monotonic() - started > self.seconds:
                attempt = Attempt("late", reason="the answer came too late")
            else:
                answer = read_answer(
                    self.world,
                    letter.account,
                    letter.openid,
                    response.status_code,
                    response.content,
                    event=letter.act.event,
                )
                attempt = Attempt("reply" if answer.plain else "none", answer)
        except requests.Timeout:
            attempt = Attempt("late", reason="no answer in time")
        except requests.RequestException as error:
            attempt = Attempt("refused", reason=type(error).__name__)
        except InvalidReply as error:
            attempt = Attempt("invalid", reason=str(error))
        self._record(letter, attempt, number, repeat, time.monotonic() - started)
        return attempt

    def _deliver(self, letter: Letter, *, drop: bool = False) -> Attempt:
        attempt = Attempt("late")
        for number in range(1, DELIVERIES + 1):
            attempt = self._once(letter, number)
            if attempt.outcome == "refused" and number < DELIVERIES:
                time.sleep(min(1.0, self.seconds))
            if attempt.outcome in ("late", "refused"):
                continue
            if not (drop and number == 1):
                break
        return attempt

    def _twice(self, letter: Letter) -> tuple[Attempt, list[Entry]]:
        """The same message a second time while the first is still being answered."""
        second: list[Attempt] = []

        def again() -> None:
            time.sleep(min(0.02, self.seconds / 10))
            second.append(self._once(letter, 2, repeat=True))

        thread = threading.Thread(target=again, daemon=True)
        thread.start()
        first = self._deliver(letter)
        thread.join()
        other = second[0]
        report = {
            "outcome": other.outcome,
            "reason": other.reason,
            "first": first.answer.plain,
            "second": other.answer.plain,
            "equal": first.outcome == other.outcome and first.answer.plain == other.answer.plain,
        }
        shown = first if first.outcome == "reply" or other.outcome != "reply" else other
        return shown, [report]

    def _show(self, person: Person, act: Act, attempt: Attempt) -> list[Entry]:
        if not act.answerable or not person.following:
            return []
        items = attempt.answer.items
        if attempt.outcome not in ("reply", "none"):
            items = [{"type": "outage", "text": OUTAGE, "reason": attempt.reason}]
        for item in items:
            self.world.receive(person, "passive", item)
        return items

    def _record(
        self, letter: Letter, attempt: Attempt, number: int, repeat: bool, seconds: float
    ) -> None:
        row: dict[str, Any] = {
            "openid": letter.openid,
            "kind": letter.act.kind,
            "message_id": str(letter.message_id),
            "attempt": number,
            "repeat": repeat,
            "outcome": attempt.outcome,
            "reason": attempt.reason,
            "at": self.world.stamp(),
            "elapsed_ms": round(seconds * 1000),
        }
        with self.world.lock:
            self.world.deliveries.append(row)
