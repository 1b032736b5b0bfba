"""Access tokens, the JS ticket, and the monthly reset of quotas."""

import secrets

from flask import request

from .errors import PlatformError
from .platform import Body, Call, PlatformApi, anyone
from .state import TokenLine

LIFE = 7200.0
OVERLAP = 300.0  # the token before stays good for five minutes, and a fresh one comes that early
FORCED_GAP = 30.0
FORCED_A_DAY = 20
CLEARS_A_MONTH = 10


def _check_secret(call: Call, grant_type: object, secret: object) -> None:
    if grant_type not in ("client_credential", "client_credentials"):
        raise PlatformError(40002)
    if not isinstance(secret, str) or not secret:
        raise PlatformError(41004)
    if secret != call.account.secret:
        raise PlatformError(40125)


def _renew(line: TokenLine, moment: float) -> None:
    if line.current:
        line.earlier[line.current] = min(line.until, moment + OVERLAP)
    # Remembering some old ones tells 42001 (expired) from 40001 (never given out).
    line.earlier = dict(list(line.earlier.items())[-20:])
    line.current = f"{secrets.randbelow(90) + 10}_{secrets.token_urlsafe(150)}"
    line.until = moment + LIFE


def _answer(line: TokenLine, moment: float) -> Body:
    return {"access_token": line.current, "expires_in": int(line.until - moment)}


def token(call: Call) -> Body:
    """GET cgi-bin/token: a fresh one each time, which retires the one before."""
    _check_secret(call, request.args.get("grant_type"), request.args.get("secret"))
    with call.world.lock:
        line = call.world.states[call.account.slug].tokens.setdefault("token", TokenLine())
        moment = call.world.epoch()
        _renew(line, moment)
        answer = _answer(line, moment)
    call.world.on_change()
    return answer


def stable_token(call: Call) -> Body:
    """POST cgi-bin/stable_token: the same one until its last five minutes, unless forced."""
    _check_secret(call, call.body.get("grant_type"), call.body.get("secret"))
    forced = call.body.get("force_refresh", False)
    if not isinstance(forced, bool):
        raise PlatformError(47001, "force_refresh must be bool")
    with call.world.lock:
        line = call.world.states[call.account.slug].tokens.setdefault("stable", TokenLine())
        moment = call.world.epoch()
        if forced:
            line.forced = [at for at in line.forced if moment - at < 86400]
            if len(line.forced) >= FORCED_A_DAY:
                raise PlatformError(45009)
            if line.forced and moment - line.forced[-1] < FORCED_GAP:
                raise PlatformError(45011)
            line.forced.append(moment)
        if forced or not line.current or line.until - moment <= OVERLAP:
            _renew(line, moment)
        answer = _answer(line, moment)
    call.world.on_change()
    return answer


def ticket(call: Call) -> Body:
    """The ticket with which pages sign their use of the JS-SDK."""
    if request.args.get("type") not in ("jsapi", "wx_card"):
        raise PlatformError(40097, "invalid ticket type")
    with call.world.lock:
        line = call.world.states[call.account.slug].tokens.setdefault("ticket", TokenLine())
        moment = call.world.epoch()
        if not line.current or line.until <= moment:
            line.current = secrets.token_urlsafe(64)
            line.until = moment + LIFE
        value, left = line.current, int(line.until - moment)
    call.world.on_change()
    return {"errcode": 0, "errmsg": "ok", "ticket": value, "expires_in": left}


def clear_quota(call: Call) -> Body:
    """Ten times a month."""
    if call.body.get("appid") != call.account.app_id:
        raise PlatformError(40013)
    with call.world.lock:
        state = call.world.states[call.account.slug]
        moment = call.world.epoch()
        state.clears = [at for at in state.clears if moment - at < 30 * 86400]
        if len(state.clears) >= CLEARS_A_MONTH:
            raise PlatformError(48006)
        state.clears.append(moment)
    return {"errcode": 0, "errmsg": "ok"}


def register(api: PlatformApi) -> None:
    """Put these calls on the API."""
    api.add("cgi-bin/token", token, method="GET", auth="app")
    api.add("cgi-bin/stable_token", stable_token, auth="app")
    api.add("cgi-bin/ticket/getticket", ticket, method="GET", entitled=anyone)
    api.add("cgi-bin/clear_quota", clear_quota, entitled=anyone)
