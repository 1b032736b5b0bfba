"""The way of each scheme from acceptance to its end, as data. Pure.

What a case may do depends on its scheme: help of the month or help at once, published before
the decision or never, decided here or by another department. `basis` is the clause.
"""

from __future__ import annotations

from dataclasses import dataclass

from models.settings import mark


@dataclass(frozen=True)
class Path:
    """How one scheme goes.

    `here`: decided by civil affairs; else the case is referred to the department that does.
    `regular`: given month after month, on the standing list; else given once, and then ended.
    `noticed`: the proposal is published before the decision. `appraised`: 民主评议 may be
    called on dispute. `surveyed`: a household survey and verification belong to it.
    `urgent`: may be helped first and explained afterwards. `published`: lists of its people may
    be shown in public, before the decision or after; where not, `basis` says why.
    `stop_noticed`: that it is to end hangs in public first (民发〔2021〕43号 art. 26).
    """

    scheme: str
    name: str
    here: bool
    basis: str
    regular: bool = False
    noticed: bool = False
    appraised: bool = False
    surveyed: bool = True
    urgent: bool = False
    published: bool = True
    stop_noticed: bool = False


PATHS = {
    path.scheme: path
    for path in (
        Path(
            "dibao", mark("最低生活保障"), True,
            "民发〔2021〕57号第十五至二十四条；依社会救助法待确认",
            regular=True, noticed=True, appraised=True,
        ),
        Path(
            "tekun", mark("特困人员供养"), True, "民发〔2021〕43号；依社会救助法待确认",
            regular=True, noticed=True, appraised=True, stop_noticed=True,
        ),
        Path(
            "temporary", mark("临时救助"), True, "社会救助法第五十条；民发〔2018〕23号",
            noticed=True, urgent=True,
        ),
        Path(
            "child", mark("孤儿及困境儿童"), True,
            "事实无人抚养儿童保障的规定：为保护儿童隐私，不宜设置公示环节",
            regular=True, published=False,
        ),
        Path(
            "disability", mark("残疾人两项补贴"), True, "吴忠 2019；办法由县里补全", regular=True,
            surveyed=False,
        ),
        Path(
            "elderly", mark("高龄及养老服务"), True, "吴忠 2019；办法由县里补全", regular=True,
            surveyed=False,
        ),
        Path(
            "vagrant", mark("生活无着的流散人员救助"), True, "社会救助法第五十二条", surveyed=False,
            urgent=True,
        ),
        Path("disaster", mark("受灾人员救助"), True, "社会救助法第十五条", urgent=True),
        Path("medical", mark("医疗救助"), False, "社会救助法第十五条；归医保部门"),
        Path("education", mark("教育救助"), False, "社会救助法第三十八条；归学校和教育部门"),
        Path("housing", mark("住房救助"), False, "社会救助法第三十八条；归住建部门"),
        Path("employment", mark("就业救助"), False, "社会救助法第十五条；归人社部门"),
        Path("judicial", mark("司法救助"), False, "社会救助法第三十六条；归办案机关"),
        Path("charity", mark("社会力量帮扶"), False, "社会救助法第五十四至五十九条"),
        Path("emergency_medical", mark("疾病应急救助"), False, "社会救助法第十五条；归卫健部门"),
    )
}
# Until a scheme is named, everything that some scheme decided here may do.
UNNAMED = Path("", "", True, "", regular=True, noticed=True, appraised=True, urgent=True)


def path_of(scheme: str | None) -> Path:
    """The way of a scheme; of none, or of one that is not known, the widest."""
    return PATHS.get(scheme or "", UNNAMED)
