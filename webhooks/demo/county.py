"""Who and what there is in the demo county. All names, numbers and places are invented."""

from __future__ import annotations

from dataclasses import dataclass

from models.statuses import Role

COUNTY = "450799000000"
NO_NUMBER = "0777-000 "

# code, name, level, parent, telephone, latitude, longitude
AREAS: tuple[tuple[str, str, str, str | None, str | None, float, float], ...] = (
    (COUNTY, "云溪县", "county", None, NO_NUMBER + "0000", 22.3440, 108.4550),
    ("450799001000", "河东街道", "township", COUNTY, NO_NUMBER + "0010", 22.3600, 108.5000),
    ("450799001001", "河东社区", "village", "450799001000", None, 22.3611, 108.5022),
    ("450799001002", "柳岸社区", "village", "450799001000", None, 22.3655, 108.4951),
    ("450799001003", "南门社区", "village", "450799001000", None, 22.3540, 108.5060),
    ("450799101000", "大湾镇", "township", COUNTY, NO_NUMBER + "0101", 22.3455, 108.4602),
    ("450799101200", "大湾村", "village", "450799101000", None, 22.3412, 108.4526),
    ("450799101201", "小湾村", "village", "450799101000", None, 22.3568, 108.4711),
    ("450799101202", "桥头村", "village", "450799101000", None, 22.3290, 108.4397),
    ("450799101203", "上屯村", "village", "450799101000", None, 22.3333, 108.4801),
    ("450799102000", "青石镇", "township", COUNTY, NO_NUMBER + "0102", 22.2800, 108.4100),
    ("450799102200", "青石村", "village", "450799102000", None, 22.2811, 108.4122),
    ("450799102201", "石桥村", "village", "450799102000", None, 22.2702, 108.4033),
    ("450799102202", "龙塘村", "village", "450799102000", None, 22.2900, 108.4255),
    ("450799102203", "新和村", "village", "450799102000", None, 22.2620, 108.4300),
    ("450799201000", "松岭乡", "township", COUNTY, NO_NUMBER + "0201", 22.4100, 108.3600),
    ("450799201200", "松岭村", "village", "450799201000", None, 22.4111, 108.3622),
    ("450799201201", "白水村", "village", "450799201000", None, 22.4222, 108.3433),
    ("450799201202", "新和村", "village", "450799201000", None, 22.3980, 108.3750),
    ("450799201203", "半坡村", "village", "450799201000", None, 22.4302, 108.3555),
)


@dataclass(frozen=True)
class Member:
    """A member of staff with a phone in the sandbox."""

    openid: str
    name: str
    role: Role
    area: str
    unit: str


STAFF = (
    Member("demo-officer-dawan-1", "陈志强", Role.OFFICER, "450799101000", "大湾镇民政办"),
    Member("demo-officer-dawan-2", "黄丽娟", Role.OFFICER, "450799101000", "大湾镇民政办"),
    Member("demo-head-dawan", "韦国平", Role.HEAD, "450799101000", "大湾镇政府"),
    Member("demo-officer-qingshi", "梁海燕", Role.OFFICER, "450799102000", "青石镇民政办"),
    Member("demo-officer-songling", "覃建军", Role.OFFICER, "450799201000", "松岭乡民政办"),
    Member("demo-head-qingshi", "农德明", Role.HEAD, "450799102000", "青石镇政府"),
    Member("demo-head-songling", "陆春兰", Role.HEAD, "450799201000", "松岭乡政府"),
    Member("demo-head-hedong", "罗永福", Role.HEAD, "450799001000", "河东街道办事处"),
    Member("demo-officer-hedong", "莫小芳", Role.OFFICER, "450799001000", "河东街道社会事务办"),
    Member("demo-county", "谢文静", Role.COUNTY, COUNTY, "云溪县民政局"),
    Member("demo-county-2", "农志远", Role.COUNTY, COUNTY, "云溪县民政局"),
)

# Liaisons of departments, from the county's directory (`webhooks/demo/referrals.py`).
LIAISONS = (
    Member("demo-liaison-education", "何晓岚", Role.DEPARTMENT, COUNTY, "教育局"),
    Member("demo-liaison-housing", "邓伟", Role.DEPARTMENT, COUNTY, "住房城乡建设局"),
)

# Assistants; who looks after several villages has a post in each.
ASSISTANTS = (
    Member("demo-assistant-dawan", "韦秀兰", Role.ASSISTANT, "450799101200", ""),
    Member("demo-assistant-qiaotou", "陆永贵", Role.ASSISTANT, "450799101202", ""),
    Member("demo-assistant-qiaotou", "陆永贵", Role.ASSISTANT, "450799101203", ""),
)

RESIDENTS = (
    ("demo-resident-1", "王秀英", "450799101200"),
    ("demo-resident-2", "李建国", "450799101201"),
    ("demo-resident-3", "农桂花", "450799201201"),
    ("demo-resident-4", "张小梅", "450799001001"),
)

BOARD = "村委会门口的公示栏"
SURNAMES = "王李张陈黄韦梁覃莫谢农陆蒙罗唐周吴何"
GIVEN = (
    "秀英", "建国", "桂花", "小梅", "志明", "玉兰", "春生", "月娥",
    "大勇", "金凤", "水根", "美莲", "福来", "素珍", "长贵", "彩云",
)

TROUBLES: tuple[tuple[str, bool, tuple[str, ...]], ...] = (
    (
        "我家男人上个月从房顶摔下来，腿断了，工地不认账，家里没有进钱的人了。", False,
        ("living", "medical"),
    ),
    (
        "老伴中风瘫了半年，我一个人照顾，走不开，地也荒了。", False,
        ("care", "medical"),
    ),
    (
        "昨天夜里厨房起火，锅碗被子都烧没了，今天晚上不知道在哪睡。", True,
        ("living", "housing"),
    ),
    (
        "孙子今年考上高中，他爸妈都不在了，学费还差两千多。", False,
        ("education",),
    ),
    (
        "屋顶漏了好几年，上次下雨塌了一角，不敢住了。", False,
        ("housing",),
    ),
    (
        "儿媳妇查出尿毒症，一个星期透析三回，借的钱都用完了。", False,
        ("medical",),
    ),
    (
        "我七十三了，没儿没女，眼睛看不见了，做不了饭。", False,
        ("care", "living"),
    ),
    (
        "三个娃娃跟我过，最小的才四岁，米缸见底了。", True,
        ("living",),
    ),
    (
        "去年出车祸落下残疾，厂里不要我了，老婆也走了。", False,
        ("living",),
    ),
    (
        "大水把猪圈冲了，二十头猪没了，还欠着饲料钱。", False,
        ("living",),
    ),
)

MISSING = (
    ("户口本每一页的照片", "医院的收费单"),
    ("银行卡的照片（只要卡号那一面）",),
    ("出院小结", "村里开的情况说明"),
)
ANSWERS = (
    "这种情况归教育局管，孩子的助学金请找班主任报名，十二月一日前交表，学校会帮您办。",
    "您家已经在办的那一件里都算上了，不用再交一次，有变化我们打电话给您。",
)
REFUSALS = ("家里的收入超过了今年的标准，存款也够用一年。情况有变化，随时再来申请。",)
DECLINED = ("这件事是劳动报酬的纠纷，要找人社局的劳动监察，我们陪您去。",)
LESS = ("儿子这个月进厂上班了，家里有了固定的工资。",)
HEARD = "能少给一点，不要一下子全停，药钱每个月还要三百多。"
FOUND = {
    "at": "10:00", "place": "家里", "others": "村委会吴小兰", "lives": "本人和家里人都在",
    "housing": "两间砖房，屋顶有一处漏", "money": "靠低保线以下的零工和亲戚接济",
    "care": "有一位老人要人照顾", "opinion": "情况属实，确实困难，要帮一把",
    "signed": "双方都签了，原件在民政办",
}
# What a check of means is filled in with, by its step.
CHECKED = {
    "consent": {"agreed": "yes", "agreed_how": "当面签了授权书"},
    "request": {"department": "人社局", "what": "社保和就业登记"},
    "answer": {"answered_on": "", "answer": "没有就业登记，领着城乡居民养老金"},
}
REASONS = ("家里的难处已经过去了，本人打电话说不办了。", "本人说想先找亲戚商量，以后再来。")
