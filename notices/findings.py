"""What the gate finds in a file, and how it is said without repeating it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from models.settings import Translate, mark


@dataclass(frozen=True)
class Finding:
    """One thing found. `row` from 1 as the sheet shows it, `column` from 1; None where it has none.

    `where` says what kind of place it is; `values` fill the message and come from the rules and
    from counting, never from what must not be shown.
    """

    code: str
    sheet: str | None = None
    row: int | None = None
    column: int | None = None
    where: str = "cell"
    values: Mapping[str, object] = field(default_factory=dict)


def letter(column: int | None) -> str | None:
    """A column's letter as a spreadsheet shows it: 1 → A, 27 → AA."""
    if column is None:
        return None
    said = ""
    while column:
        column, rest = divmod(column - 1, 26)
        said = chr(65 + rest) + said
    return said


def as_json(finding: Finding, t: Translate) -> dict[str, object]:
    """The finding as the contract has it."""
    return {
        "sheet": finding.sheet or None, "row": finding.row, "column": letter(finding.column),
        "code": finding.code, "message": message(finding, t),
    }


def message(finding: Finding, t: Translate) -> str:
    """What to do about it, in a person's words."""
    values = dict(finding.values)
    if finding.code == "unreadable":
        values["reason"] = t(str(values["reason"]))
    labels = values.get("allowed")
    if isinstance(labels, tuple):
        # A text, on the other hand, is words to be written as they stand.
        values["allowed"] = "、".join(map(t, labels))
    return t(MESSAGES[finding.code], where=t(WHERE[finding.where]), **values)


WHERE = {
    "cell": mark("这一格"),
    "heading": mark("这一列的表头"),
    "hidden_cell": mark("这一格（隐藏着）"),
    "note": mark("表格外的文字"),
    "comment": mark("批注"),
    "property": mark("文件属性（作者、标题、备注等）"),
    "header_footer": mark("页眉或页脚"),
    "drawing": mark("文本框或图形"),
    "formula": mark("公式"),
    "validation": mark("下拉选项或输入提示"),
    "link": mark("超链接"),
    "sheet_name": mark("工作表的名字"),
    "name": mark("名称定义"),
    "leftover": mark("文件里看不见的残留内容"),
    "other": mark("文件的其他部分"),
}

MESSAGES = {
    # what must never be shown
    "id_number": mark("{where}里有身份证号码，打了星号也不行，请删掉。"),
    "phone": mark("{where}里有电话号码，请删掉；办公室的座机可以写在“监督电话”后面。"),
    "bank_account": mark("{where}里有银行账号一类的号码，请删掉。"),
    "long_number": mark("{where}里有一长串数字，不知道是什么号码，请删掉。"),
    "address": mark("{where}的住处写得太细，请改短，一般写到村（社区）就好。"),
    "illness": mark("{where}提到了病情或残疾，这是个人隐私，请删掉。"),
    "income": mark("{where}提到了收入或财产，请删掉。"),
    "minor": mark("{where}写到了年龄、出生日期或者未成年人，这样的内容不公示，请删掉。"),
    "relative": mark("{where}提到了家人或亲属，只公示户主或申请人，请删掉。"),
    "informant": mark("{where}提到了反映问题的人，必须保密，请删掉。"),
    # what a field may hold
    "column_not_allowed": mark("这一列不在可以公示的范围里，请整列删掉。可以有的列：{allowed}。"),
    "no_heading": mark("这一列没有表头，却有内容，请补上表头或者删掉。"),
    "column_twice": mark("这一列和 {other} 列是同一项，只留一列就好。"),
    "name": mark("{where}看不出是一个人的姓名。一格写一个人，后面不要加别的话。"),
    "no_name": mark("这一行没有姓名，请补上；如果是说明，请挪到表格下面。"),
    "serial": mark("{where}应该是序号，比如 12。"),
    "count": mark("{where}应该是人数，比如 3。"),
    "amount": mark("{where}应该是金额，比如 410 或 1,230.50。"),
    "date": mark("{where}应该是年月，比如 2026年11月 或 2026-11-01。"),
    "word": mark("{where}的写法不在规定的选项里。可以写：{allowed}。"),
    "remark": mark("备注只能写规定的词：{allowed} 等，别的话请删掉。"),
    "sum": mark("{where}在合计行里，合计行只写合计和数字，别的话请删掉。"),
    "heading": mark("{where}的括号里写了别的话，只写单位就好，请删掉。"),
    "stray": mark("{where}看不出是名单的说明，名单以外只写公示本身的事，请删掉。"),
    "outside_area": mark("{where}写的地方不在{area}，请核对，或者把这一户挪到它自己的名单里。"),
    "note": mark("{where}提到了某一个人，除了名单本身，不要再写他们的事，请删掉。"),
    # the file
    "comment": mark("这一格有批注，批注会跟着文件走，请删掉。"),
    "picture": mark("文件里有图片，里面写了什么看不到，请删掉图片。"),
    "embedded": mark("文件里嵌了别的内容（对象、控件、附件等），里面看不到，请删掉。"),
    "macro": mark("文件里有宏，请另存为不带宏的表格。"),
    "external_link": mark("文件连着别的文件或数据源，请断开链接，只留数值。"),
    "pivot": mark("文件里有数据透视表，它会带着原始数据，请删掉。"),
    "tracked_changes": mark("文件里留着修订记录，删掉的内容还在，请先接受全部修订。"),
    "formula_not_allowed": mark("这一格的公式会去别处取内容，请改成数值。"),
    "unreadable": mark("这个文件打不开：{reason}"),
    "no_list": mark("没有找到名单。表头至少要有姓名（或村、户数）这样的列。"),
    "no_sheet": mark("文件里没有叫这个名字的工作表。"),
    "never": mark("这一类救助不公示名单：{basis}。"),
    "rule": mark("县里的设置 {rule} 不认得，为了不误公开，先不放行，请改好：{allowed}。"),
    "more": mark("还有 {count} 处问题没有列出来，请先改好上面这些。"),
    # worth a look
    "hidden_row": mark("这一行是隐藏的，也算进了名单，请确认要不要公示。"),
    "hidden_column": mark("这一列是隐藏的，也会公示，请确认。"),
    "hidden_sheet": mark("有隐藏的工作表，没有当作名单，请确认。"),
    "sheet_not_read": mark("这张工作表里没有名单，没有读。"),
    "no_names": mark("这张表没有姓名，按各村汇总来读。"),
    "small_place": mark("{place}只有 {count} 户，名字遮住一个字，村里人也认得出来。"),
    "twice": mark("这个人和第 {other} 行重复了，请核对。"),
    "some_masked": mark("有的姓名遮住了，有的没有，请统一。"),
    "total": mark("{where}写的合计和上面加起来的不一样：加起来是 {sum}。"),
    "stated": mark("文字里写的{what}和名单不一样：名单里是 {sum}。"),
    "unit": mark("表头写的是{heading}，看数字更像是{looks}，请核对。"),
    "areas_unknown": mark("系统里还没有这个地方的村名，没法核对名单里的村。"),
}
