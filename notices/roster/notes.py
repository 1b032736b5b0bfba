"""Lines of a sheet that are no entries: notes, and places as titles of what is below. Pure."""

from __future__ import annotations

import re

from notices.gate import Places
from notices.leaks import plain

_LABEL = re.compile(
    r"[\s\d一二三四五六七八九十、.()*※]*[^:。;]{0,6}"
    r"(?:注|说明|制表|填表|审核|审批|审定|复核|核对|负责|经办|填报|报送|签字|签名|签章|联系|主管|分管|领导|主任|书记|组长"
    r"|监督|举报|投诉|咨询|电话|热线|异议|公示|公布|公开|公告|单位|部门|机关|日期|时间|期限|期间|地点|地址|受理|盖章|公章|依据|标准|口径|要求)"
    r"[^:。;]{0,8}:.{0,400}",
    re.DOTALL,
)
_DATED = re.compile(r"(?:20[0-9]{2}|二[〇零○]..)\s*[年\-./].{0,12}")
_SEALED = re.compile(r"[(\[]?(?:盖章|公章|签字|签章|签名|印章)[)\]]?")
_OFFICE = re.compile(
    r".{0,20}(?:政府|办事处|委员会|民政[局办所科股]|办公室|服务中心|居委会|村委会|社区|村)(?:\([^)]{0,6}\))?"
)
# What speaks of the list itself, of its rules or of its office.
_ABOUT = re.compile(
    r"〔[0-9]{4}〕|说明|附注|^注$|公示|公布|公开|公告|名单|监督|举报|投诉|异议|反映|咨询|热线|标准|金额|资金|单位|制表|填表|审核|审批|经办|负责|日期|期限|盖章|政府"
    "|民政|委员会|办事处|社区|本村|全村|政策|规定|文件|依据|办法|通知|条例|低保|特困|救助|对象|保障|发放|享受|评议|本表|此表|此页|表格|以上|以下|特此"
    "|接受|群众|共计|合计|总计|第.{1,3}页|共.{1,6}[户人页]|下页|续表|完$|以下空白|签字|序号|类别|备注|新增|停发|元[/每]?|万元|[0-9]{4}年"
)
_TITLED = re.compile(r"[一二三四五六七八九十0-9]{1,3}[、.)]|\([一二三四五六七八九十0-9]{1,3}\)")
_COUNTED = re.compile(r"[(\[:]?共?计?(?:[0-9]{1,5}(?:户|人|口|元)[、,]?)+[)\]]?$")
_PLACE = re.compile(
    "[\u3400-\u9fff]{2,16}(?:村|社区|屯|村委会|居委会|村民委员会|居民委员会|镇|乡|街道|组|队)"
)


def is_note(texts: list[str]) -> bool:
    """Whether a line's texts are a note: one text alone, a label and what follows it, or the
    labels of those who made and signed the list: 制表人：… 审核人：… 2026年11月20日."""
    if len(texts) == 1:
        return True
    said = [plain(text).strip() for text in texts]
    if len(said) == 2 and said[0] in ("注", "说明", "备注", "附注"):
        return True
    if not _LABEL.fullmatch(said[0]) and not all(map(_signs, said)):
        return False
    return all(
        _LABEL.fullmatch(text) or _signs(text) or (n and said[n - 1].endswith(":"))
        for n, text in enumerate(said)
    )


def is_about_the_list(text: str) -> bool:
    """Whether a note says something of the list, and not only of somebody."""
    said = plain(text).strip()
    return bool(
        _LABEL.fullmatch(said) or _signs(said) or _ABOUT.search(said)
        or not re.search("[\u3400-\u9fff]{2}", said)
    )


def _signs(said: str) -> bool:
    return bool(_DATED.fullmatch(said) or _SEALED.fullmatch(said) or _OFFICE.fullmatch(said))


def place_titled(text: str, places: Places) -> str:
    """The place that a lone text names: 大湾村, 一、大湾村（3户）, 【大湾村】; else nothing."""
    said = re.sub(r"[\s　]", "", plain(text))
    said = _COUNTED.sub("", _TITLED.sub("", said, count=1)).strip("[]【】():-—·")
    return said if places.has(said) or _PLACE.fullmatch(said) else ""
