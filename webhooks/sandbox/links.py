"""What of a text message may be tapped: links as WeChat allows them, and nothing else."""

import html
import re
from urllib.parse import parse_qs, urlsplit

Segment = dict[str, str]
_ANCHOR = re.compile(
    r"""<a\s+(?P<attributes>[^<>]*)>(?P<label>.*?)</a\s*>""", re.IGNORECASE | re.DOTALL
)
_HREF = re.compile(r"""(?:^|\s)href\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_BARE = re.compile(r"https?://[^\s<>\"'，。；！？）】」、]+")


def _target(attributes: str) -> str:
    match = _HREF.search(attributes)
    return html.unescape(match.group(1) or match.group(2) or "").strip() if match else ""


def _anchor(attributes: str, label: str) -> Segment | None:
    """A tappable piece: `href` for a page, `say` and `menu_id` for a prepared message."""
    target = _target(attributes)
    if re.search(r"[\x00-\x20\\]", target):
        return None
    parts = urlsplit(target)
    if parts.scheme == "weixin" and parts.netloc == "bizmsgmenu":
        query = parse_qs(parts.query)
        said = query.get("msgmenucontent", [""])[0]
        option = query.get("msgmenuid", ["0"])[0]
        return {"text": label, "say": said, "menu_id": option} if said else None
    if parts.scheme in ("http", "https") and parts.netloc:
        return {"text": label, "href": target}
    if not parts.scheme and not parts.netloc and target.startswith("/"):
        return {"text": label, "href": target}
    return None


def _plain(text: str) -> list[Segment]:
    """Text with bare addresses made tappable, as WeChat does."""
    found: list[Segment] = []
    end = 0
    for match in _BARE.finditer(text):
        if match.start() > end:
            found.append({"text": text[end : match.start()]})
        found.append({"text": match.group(), "href": match.group()})
        end = match.end()
    if end < len(text):
        found.append({"text": text[end:]})
    return found


def segments(text: str) -> list[Segment]:
    """The text in pieces; the page puts each in as text, so nothing in it can become markup."""
    found: list[Segment] = []
    end = 0
    for match in _ANCHOR.finditer(text):
        piece = _anchor(match["attributes"], match["label"])
        if piece is None:
            continue
        found += _plain(text[end : match.start()])
        found.append(piece)
        end = match.end()
    return found + _plain(text[end:])
