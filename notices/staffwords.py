"""What staff are told by a push: a title and one line, and never a name or a trouble."""

from __future__ import annotations

from models.outgoing import Occasion
from models.settings import mark

# occasion → title and body; `{receipt}` and `{count}` are filled.
PLAIN: dict[str, tuple[str, str]] = {
    Occasion.STAFF_ALARM: (
        mark("急：有人可能有危险，请马上看"),
        mark("编号 {receipt}：说的话让人担心，请马上到工作台看，尽快联系本人。"),
    ),
    Occasion.STAFF_WITHDRAW_ASKED: (
        mark("有居民想撤回"), mark("编号 {receipt}，请打电话问清楚，再到工作台办。"),
    ),
    Occasion.STAFF_DECIDE: (
        mark("有一件事等您定"), mark("编号 {receipt}，请到工作台看看，同意还是退回。"),
    ),
    Occasion.STAFF_SENT_BACK: (
        mark("您提的意见退回来了"), mark("编号 {receipt}，请到工作台看看为什么，再接着办。"),
    ),
    Occasion.STAFF_REFERRAL: (
        mark("乡镇转来一件事，请您接"),
        mark("转办号 {receipt}，请到工作台看看，接下还是退回。"),
    ),
    Occasion.STAFF_REFERRALS_BACK: (
        mark("转出去的事退回来了"), mark("编号 {receipt}，请到工作台看看为什么，再安排。"),
    ),
    Occasion.STAFF_REFERRALS_ANSWERED: (
        mark("转出去的事，部门都回话了"), mark("编号 {receipt}，请到工作台看看，再答复本人。"),
    ),
    Occasion.STAFF_HEARD: (
        mark("有居民回话了"), mark("编号 {receipt}，本人的话在工作台上，定之前请先看。"),
    ),
    Occasion.STAFF_CHANGE: (
        mark("有居民说家里有变化"), mark("编号 {receipt}，请到工作台看看，该复核的去复核。"),
    ),
    Occasion.STAFF_RECHECK: (
        mark("有到了复核日子的家庭"),
        mark("一共 {count} 户，编号 {receipt} 起。名册里点“该复核的”就能看到。"),
    ),
    Occasion.STAFF_VISIT: (
        mark("协理员去看了一户，说更难了"),
        mark("编号 {receipt}，请到工作台看看，打个电话或者上门问问。"),
    ),
    Occasion.STAFF_HARMED: (
        mark("急：有人可能受到伤害，请马上看"),
        mark("编号 {receipt}：请马上看工作台上红的那一行，先打 110，再告诉部门。先别惊动这家人。"),
    ),
    Occasion.STAFF_DECLINED: (
        mark("有一家说不是他们同意的"),
        mark("编号 {receipt}：别人替他们说的，他们说不同意。先停着，请到工作台看看再定。"),
    ),
    Occasion.STAFF_ERRAND: (
        mark("协理员把您托的事办好了"),
        mark("编号 {receipt}，请到工作台看看，该记的记下来。"),
    ),
    Occasion.STAFF_ERRAND_BACK: (
        mark("托给协理员的事退回来了"),
        mark("编号 {receipt}：他不在岗了，村里没有别的协理员，请到工作台另外安排。"),
    ),
    Occasion.STAFF_ERRAND_CANNOT: (
        mark("您托的事，协理员说去不了"),
        mark("编号 {receipt}：为什么，他写了。请到工作台看看，另请一位，或者自己去。"),
    ),
    Occasion.STAFF_ERRAND_UNSEEN: (
        mark("托给协理员的事，还没人打开看"),
        mark("编号 {receipt}：请打电话问问他，去不了就另请一位。"),
    ),
    Occasion.STAFF_ERRAND_LATE: (
        mark("托给协理员的事过了日子"),
        mark("编号 {receipt}：还没交来，请打电话问问卡在哪里，去不了就另请一位。"),
    ),
    Occasion.STAFF_CONCERN: (
        mark("有一件要保密的事等您办"),
        mark("号码 {receipt}，请到工作台的“异议和举报”看，不要告诉别人。"),
    ),
    Occasion.STAFF_SPOT_CHECK: (
        mark("县里抽查有结果了"), mark("编号 {receipt}，县里去看过了，请到工作台看看。"),
    ),
}
# To the liaison of a department that the law names: a number, the township, and what to do.
HARM = (
    mark("急：有人可能受到伤害，请马上处理"),
    mark("报告号 {receipt}，在{office}。请马上打{office}电话 {phone} 问清楚，再点开接下。"),
)
# What a clock asks → title and body; `{clock}` and `{day}` are filled too.
CLOCKS: dict[str, tuple[str, str]] = {
    "near": (
        mark("有一件事快到期了"),
        mark("编号 {receipt}：“{clock}”{day}到期，请到工作台办一下。"),
    ),
    "late": (
        mark("有一件事过期了"),
        mark("编号 {receipt}：“{clock}”{day}就到期了，还没办完，请到工作台看看卡在哪里。"),
    ),
    "taper": (
        mark("有一户请您再去看看"),
        mark("编号 {receipt}：“{clock}”{day}满了。请再上门看看，定下停还是接着帮。"),
    ),
    "call": (
        mark("有一件事请您打个电话"),
        mark("编号 {receipt}：材料还没补来，本人没有微信，请打电话问问有什么难处。"),
    ),
    "posting": (
        mark("公示的天数到了，还差一样"),
        mark("编号 {receipt}：还没有记下公示贴在哪里、从哪天贴起，记下了才能往下走。"),
    ),
    "begun": (
        mark("有一件事的材料补了一半"),
        mark("编号 {receipt}：{day}前该补的还没补全，请看看缺的能不能免，或打电话问问。"),
    ),
}
# How far the month's standing lists are → title and body; `{count}` and `{day}` are filled.
RENEWALS: dict[str, tuple[str, str]] = {
    "drawn": (
        mark("这个月的长期公示起草好了"),
        mark("有 {count} 份照救助名册起草好了，{day}前要签字。请到工作台看一遍，再请另一位签。"),
    ),
    "late": (
        mark("长期公示还没换新"),
        mark("有 {count} 份早该换新的还没签字，{day}就到期了。请到工作台的“公示”看看卡在哪里。"),
    ),
}
