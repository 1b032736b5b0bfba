"""Parametric QR codes, temporary media, and what may be known of a follower."""

import io
from typing import Any

import segno
from flask import Response, request

from .acts import image_kind, new_ticket
from .errors import PlatformError
from .platform import Body, Call, PlatformApi, verified, verified_service
from .state import QrCode

LONGEST_QR = 2_592_000
MOST_PERMANENT = 100_000
MEDIA_LIMITS = {
    "image": 10 * 1024 * 1024,
    "voice": 2 * 1024 * 1024,
    "video": 10 * 1024 * 1024,
    "thumb": 64 * 1024,
}


def _scene(scene: Any, *, by_text: bool, permanent: bool) -> str:
    if not isinstance(scene, dict):
        raise PlatformError(40053)
    if by_text:
        text = scene.get("scene_str")
        if not isinstance(text, str) or not 1 <= len(text) <= 64:
            raise PlatformError(40053, "scene_str")
        return text
    number = scene.get("scene_id")
    most = MOST_PERMANENT if permanent else 2**32 - 1
    if isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= most:
        raise PlatformError(40053, "scene_id")
    return str(number)


def create_code(call: Call) -> Body:
    """qrcode/create: temporary for at most 30 days, or permanent."""
    name = call.body.get("action_name")
    if name not in ("QR_SCENE", "QR_STR_SCENE", "QR_LIMIT_SCENE", "QR_LIMIT_STR_SCENE"):
        raise PlatformError(40053, "action_name")
    permanent = "LIMIT" in name
    info = call.body.get("action_info")
    scene = _scene(
        info.get("scene") if isinstance(info, dict) else None,
        by_text="STR" in name,
        permanent=permanent,
    )
    seconds = call.body.get("expire_seconds", 60)
    if not permanent and (
        isinstance(seconds, bool) or not isinstance(seconds, int) or not 1 <= seconds <= LONGEST_QR
    ):
        raise PlatformError(40097, "expire_seconds")
    state = call.world.states[call.account.slug]
    ticket = new_ticket()
    url = f"http://weixin.qq.com/q/{ticket}"
    until = None if permanent else call.world.epoch() + seconds
    with call.world.lock:
        if permanent and sum(code.until is None for code in state.codes) >= MOST_PERMANENT:
            raise PlatformError(45009, "permanent qrcode")
        state.codes.append(QrCode(ticket, scene, url, until))
    call.world.on_change()
    answer: Body = {"ticket": ticket, "url": url}
    return answer if permanent else {**answer, "expire_seconds": seconds}


def show_code(call: Call) -> Response:
    """The picture for a ticket; anyone may fetch it."""
    ticket = request.args.get("ticket", "")
    moment = call.world.epoch()
    for state in call.world.states.values():
        for code in state.codes:
            if code.ticket == ticket and (code.until is None or code.until > moment):
                picture = io.BytesIO()
                segno.make(code.url, error="m").save(picture, kind="png", scale=6, border=4)
                return Response(picture.getvalue(), mimetype="image/png")
    return Response("not found", status=404, mimetype="text/plain")


def upload(call: Call) -> Body:
    """media/upload: kept for three days."""
    kind = request.args.get("type", "")
    if kind not in MEDIA_LIMITS:
        raise PlatformError(40004)
    sent = request.files.get("media")
    if sent is None:
        raise PlatformError(41005)
    data = sent.read()
    if not data:
        raise PlatformError(40006)
    if len(data) > MEDIA_LIMITS[kind]:
        raise PlatformError(45001)
    content_type = sent.mimetype or "application/octet-stream"
    if kind in ("image", "thumb"):
        found = image_kind(data)
        if found is None:
            raise PlatformError(40004, "not a picture")
        content_type = found[0]
    name = sent.filename or kind
    media = call.world.store(call.account.slug, kind, content_type, name, data)
    return {"type": kind, "media_id": media.media_id, "created_at": int(media.created)}


def download(call: Call) -> Response:
    """media/get: the bytes, or 40007 once three days are over."""
    media_id = request.args.get("media_id")
    if not media_id:
        raise PlatformError(41006)
    media = call.world.live_media(media_id, call.account.slug)
    if media is None:
        raise PlatformError(40007)
    ending = media.filename.rpartition(".")[2] or "bin"
    name = f"{media_id}.{ending}" if ending.isalnum() else media_id
    return Response(
        call.world.blobs[media_id],
        content_type=media.content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def user_info(call: Call) -> Body:
    """user/info: since 2021 without name or picture."""
    openid = request.args.get("openid")
    if not openid:
        raise PlatformError(41009)
    person = call.person(openid, following=False)
    if not person.following:
        return {"subscribe": 0, "openid": openid, "tagid_list": []}
    return {
        "subscribe": 1,
        "openid": openid,
        "nickname": "",
        "sex": 0,
        "language": "zh_CN",
        "city": "",
        "province": "",
        "country": "",
        "headimgurl": "",
        "subscribe_time": int(person.followed_at),
        "remark": "",
        "groupid": 0,
        "tagid_list": list(person.tags),
        "subscribe_scene": "ADD_SCENE_QR_CODE" if person.scene else "ADD_SCENE_SEARCH",
        "qr_scene": int(person.scene) if person.scene.isascii() and person.scene.isdigit() else 0,
        "qr_scene_str": person.scene,
    }


def user_list(call: Call) -> Body:
    """user/get: the followers, ten thousand at a time."""
    after = request.args.get("next_openid", "")
    with call.world.lock:
        openids = sorted(
            person.openid
            for person in call.world.people.values()
            if person.account == call.account.slug and person.following
        )
    page = [openid for openid in openids if openid > after][:10_000]
    answer: Body = {"total": len(openids), "count": len(page), "next_openid": ""}
    return {**answer, "data": {"openid": page}, "next_openid": page[-1]} if page else answer


def register(api: PlatformApi) -> None:
    """Put these calls on the API."""
    api.add("cgi-bin/qrcode/create", create_code, entitled=verified_service)
    api.add("cgi-bin/showqrcode", show_code, method="GET", auth="own")
    api.add("cgi-bin/media/upload", upload, entitled=verified, reads_json=False)
    api.add("cgi-bin/media/get", download, method="GET", entitled=verified)
    api.add("cgi-bin/user/info", user_info, method="GET", entitled=verified)
    api.add("cgi-bin/user/get", user_list, method="GET", entitled=verified)
