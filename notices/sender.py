"""Sends one push, rung by rung. No transaction is open across the network."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlencode

import structlog

from models import wishes
from models.context import Context
from models.pushes import ARRIVED, PushState
from models.settings import mark
from notices import ladder, outbox, stops, subscribed, texting
from notices.cards import fitted, subscription_of, template_of
from notices.channel import Channel, Delivery, Outcome, PlatformTrouble, Scope, Way
from notices.claims import Claimed
from notices.console_channel import ConsoleChannel
from notices.ladder import QUIET, Chat, Hold, NoWay, Send, Text, Wait, Wanted
from notices.occasions import Spoken, spoken
from notices.outbox import Ending
from notices.reach import Reach
from notices.recording import Arrival, Recorder
from notices.wechat_channel import is_real, platform_of

# 10 s, 40 s, 3 min, 11 min, 43 min: six tries outlast an hour of the platform's trouble.
BACK_OFF_SECONDS, BACK_OFF_FACTOR, BACK_OFF_MOST = 10.0, 4, 3600.0
JITTER = 0.25

GAVE_UP = mark("试了几次都没送到。")
OUR_FAULT = mark("系统出了岔子，过一会儿会再试。")
NOBODY_TOLD = mark("演示环境，没有真的发给人。")

log = structlog.get_logger(__name__)


def channel_of(ctx: Context, slug: str) -> tuple[Channel, bool]:
    """The account's channel, and whether it is the console's: a demo never messages real people."""
    account = ctx.settings.account(slug)
    if account is not None and ctx.settings.environment != "production" and is_real(account):
        return ConsoleChannel(slug), True
    return platform_of(ctx, slug), False


def deal_with(ctx: Context, push: Claimed, reach: Reach, recorder: Recorder) -> None:
    """Send one push; whatever goes wrong, it is written down and tried again later."""
    try:
        _Round(ctx, push, reach, recorder).run()
    except Exception as error:
        log.error("push_failed", push=push.id, occasion=push.occasion, error=type(error).__name__)
        with ctx.db.begin() as session:
            outbox.settle(ctx, session, push, _again(ctx, push, OUR_FAULT))


def _again(ctx: Context, push: Claimed, words: str) -> Ending:
    """Another try later, or the end of trying."""
    if push.tries >= ctx.settings.pushes.tries:
        return Ending(PushState.FAILED, reason=words or GAVE_UP)
    seconds = min(BACK_OFF_MOST, BACK_OFF_SECONDS * BACK_OFF_FACTOR ** (push.tries - 1))
    jitter = 1 - JITTER + 2 * JITTER * ctx.random_below(1001) / 1000
    return Ending(PushState.PENDING, reason=words, next_try_at=_in(ctx, seconds * jitter))


def _in(ctx: Context, seconds: float) -> datetime:
    return ctx.now() + timedelta(seconds=seconds)


class _Round:
    """One claimed push on its way down the ladder."""

    def __init__(self, ctx: Context, push: Claimed, reach: Reach, recorder: Recorder) -> None:
        self.ctx = ctx
        self.recorder = recorder
        self.push = push
        self.words: Spoken = spoken(ctx, push.occasion, push.details, push.township, reach.locale)
        self.chats: dict[int, Chat] = {
            chat.identity_id: fitted(ctx, chat, self.words.template)
            for chat in reach.chats
        }
        self.closed = set(reach.closed)
        self.refused = reach.refused
        self.said = reach.said
        self.quiet_until = None if reach.is_awake(ctx.now()) else reach.quiet_until
        self.texting = reach.texting if self.words.brief else None
        self.reason = ""

    def run(self) -> None:
        """Rung by rung, until the push has ended or waits."""
        if self.push.tries > self.ctx.settings.pushes.tries:
            # Its workers died so often that none wrote down why.
            self._settle(Ending(PushState.FAILED, reason=GAVE_UP))
            return
        if self.ctx.now() > self.push.until:
            # The platform was so slow with those before it that another may send it by now.
            now = self.ctx.now()
            self._settle(Ending(PushState.PENDING, next_try_at=now, free=True))
            return
        if self.quiet_until is not None:
            later = Ending(PushState.PENDING, None, QUIET, None, self.quiet_until, free=True)
            self._settle(later)
            return
        if self.push.rank and self._is_unwanted():
            self._settle(Ending(PushState.REFUSED, reason=outbox.UNWANTED))
            return
        while True:
            rung = ladder.next_rung(self._wanted(), list(self.chats.values()), self.ctx.now())
            if isinstance(rung, Text):
                if self._is_texted():
                    return
                continue
            if not isinstance(rung, Send):
                self._settle(self._stay(rung))
                return
            chat = self.chats[rung.identity_id]
            if self._is_over(chat, self._send(chat, rung.way)):
                return

    def _is_unwanted(self) -> bool:
        """Whether they have said meanwhile that they want nothing that goes to many."""
        with self.ctx.db.read() as session:
            return not wishes.of(session, self.push.person_id).campaigns

    def _wanted(self) -> Wanted:
        left = len(self.words.texts) - max(self.said.values(), default=0)
        # What is sent to many leaves one message of the person's window to the next step.
        spare = 1 if self.push.rank else 0
        return Wanted(
            self.push.account, max(1, left) + spare, bool(self.words.template),
            frozenset(self.closed), self._text_at(),
        )

    def _text_at(self) -> datetime | None:
        """From when on it may go as a text; to who takes no messages of the account, at once."""
        if self.texting is None:
            return None
        return self.ctx.now() if self.refused else self.texting.at

    def _stay(self, rung: Hold | Wait | NoWay) -> Ending:
        """Where a push stands that has no way now."""
        if isinstance(rung, NoWay):
            state = PushState.UNFOLLOWED if rung.left else PushState.NO_CHANNEL
            return Ending(state, reason=rung.reason)
        if isinstance(rung, Wait):
            return Ending(
                PushState.PENDING, reason=rung.reason, next_try_at=rung.until, free=True
            )
        state = PushState.REFUSED if self.refused else PushState.HELD
        return Ending(state, reason=self.reason or rung.reason)

    def _send(self, chat: Chat, way: Way) -> Delivery:
        channel, is_console = channel_of(self.ctx, chat.account)
        shown = Way.CONSOLE if is_console else way
        try:
            if way is Way.TEMPLATE:
                template = template_of(self.ctx, chat.account, self.words.template)
                msg_id = channel.send_template(
                    chat.openid, template, self.words.fields, self._page(chat), self._own_id()
                )
                return Delivery(shown, Outcome.DONE, msg_id=msg_id)
            if way is Way.SUBSCRIBE:
                template = subscription_of(self.ctx, chat.account, self.words.template)
                channel.send_subscription(
                    chat.openid, template, self.words.fields, self._page(chat)
                )
                msg_id = subscribed.waiting_id(chat.identity_id)
                return Delivery(shown, Outcome.DONE, msg_id=msg_id)
            texts = self.words.texts
            said = min(self.said.get(chat.identity_id, 0), len(texts) - 1)
            channel.send_text(chat.openid, texts[said])
        except PlatformTrouble as trouble:
            return Delivery(way, trouble.kind, trouble.words, trouble.errcode, None, trouble.scope)
        return Delivery(shown, Outcome.DONE)

    def _is_texted(self) -> bool:
        """Try it as a text message; whether the round ends with it."""
        assert self.texting is not None
        delivery = texting.send(self.ctx, self.texting.to, self.words.brief, self._own_id())
        log.info("push_tried", push=self.push.id, way=delivery.way, outcome=delivery.outcome)
        ending = None
        if delivery.outcome is Outcome.DONE:
            ending = Ending(PushState.DELIVERED, Way.SMS, delivery.words)
        elif delivery.outcome is Outcome.RETRY and self.push.tries < self.ctx.settings.pushes.tries:
            ending = replace(_again(self.ctx, self.push, delivery.words), way=Way.SMS)
        self.texting, self.reason = None, delivery.words
        with self.ctx.db.begin() as session:
            mine = outbox.attempt(self.ctx, session, self.push, None, delivery)
            if ending is not None:
                outbox.settle(self.ctx, session, self.push, ending)
        return ending is not None or not mine

    def _page(self, chat: Chat) -> str:
        """The address that a tap on the card opens; residents are let in on the way."""
        path, root = self.words.page, self.ctx.settings.public_url.rstrip("/")
        if not path.startswith("/m/"):
            return root + path
        return f"{root}/m/enter?{urlencode({'account': chat.account, 'next': path})}"

    def _own_id(self) -> str:
        """The same for every try of this push, and no other service's."""
        return self.ctx.keys.lookup("push", f"{self.push.id}:{self.push.key}").hex()

    def _is_over(self, chat: Chat, delivery: Delivery) -> bool:
        """Record a try; whether the round ends with it."""
        log.info("push_tried", push=self.push.id, way=delivery.way, outcome=delivery.outcome,
                 errcode=delivery.errcode)
        ending = self._ending(chat, delivery)
        # A subscription message uses up a grant: written with the ledger, in one transaction.
        if ending is not None and ending.state in ARRIVED and delivery.way is not Way.SUBSCRIBE:
            arrival = Arrival(self.push, chat.identity_id, delivery, ending)
            if self.recorder.record(arrival):
                return True
        with self.ctx.db.begin() as session:
            if ending is None and delivery.scope is not Scope.PUSH:
                rest = stops.rest(self.ctx, session, chat.account, delivery)
                self._let_rest(chat.account, delivery, rest)
            template = subscription_of(self.ctx, chat.account, self.words.template)
            subscribed.note_try(self.ctx, session, chat.identity_id, template, delivery)
            mine = outbox.attempt(self.ctx, session, self.push, chat.identity_id, delivery)
            if ending is not None:
                outbox.settle(self.ctx, session, self.push, ending)
        return ending is not None or not mine

    def _ending(self, chat: Chat, delivery: Delivery) -> Ending | None:
        """What this try makes of the push; None where there is another rung to take."""
        way, own = delivery.way, (chat.identity_id, delivery.way)
        match delivery.outcome:
            case Outcome.DONE:
                return self._arrived(chat, delivery)
            case Outcome.UNFOLLOWED:
                self.chats[chat.identity_id] = replace(chat, followed=False)
                self.closed.add(own)
            case Outcome.STOP_ACCOUNT | Outcome.DAY_OVER | Outcome.TOO_FAST if (
                delivery.scope is not Scope.PUSH
            ):
                pass  # the way rests, and the ladder sees that
            case Outcome.TOO_FAST:
                later = _in(self.ctx, stops.MINUTE_SECONDS)
                return Ending(PushState.PENDING, way, delivery.words, None, later, free=True)
            case Outcome.RETRY | Outcome.REFRESH_TOKEN:
                return replace(_again(self.ctx, self.push, delivery.words), way=way)
            case _:
                self.closed.add(own)
                self.refused |= delivery.outcome is Outcome.REFUSED
        self.reason = delivery.words
        return None

    def _arrived(self, chat: Chat, delivery: Delivery) -> Ending | None:
        if delivery.way is Way.CUSTOM:
            said = self.said[chat.identity_id] = self.said.get(chat.identity_id, 0) + 1
            if said < len(self.words.texts):
                return None
            # On this platform an accepted customer-service message is all the truth there is.
            return Ending(PushState.DELIVERED, Way.CUSTOM)
        if delivery.way is Way.CONSOLE:
            return Ending(PushState.DELIVERED, Way.CONSOLE, NOBODY_TOLD)
        # Whether a card arrived is told by an event, later.
        return Ending(PushState.SENT, delivery.way, msg_id=delivery.msg_id)

    def _let_rest(self, account: str, delivery: Delivery, rest: ladder.Rest) -> None:
        ways = stops.SENDING if delivery.scope is Scope.ACCOUNT else (delivery.way,)
        for chat in self.chats.values():
            if chat.account == account:
                resting = {**chat.resting, **dict.fromkeys(ways, rest)}
                self.chats[chat.identity_id] = replace(chat, resting=resting)

    def _settle(self, ending: Ending) -> None:
        with self.ctx.db.begin() as session:
            outbox.settle(self.ctx, session, self.push, ending)
