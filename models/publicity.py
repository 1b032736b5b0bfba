"""How often public notices are renewed, and after how long silence is pointed out. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from models.lengths import STRICT


@dataclass(frozen=True)
class Publicity:
    """Standing lists are drawn from the register on `renew_day` of each month, of `renew_schemes`
    alone, and are late after `renew_within` working days; a place that has published nothing for
    `quiet_days` days is pointed out to the county. `articles`: of every new list an article is
    drafted in the account that may."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT
    renew_day: int = 10
    renew_within: int = 10
    renew_schemes: tuple[str, ...] = ("dibao", "tekun")
    renew_basis: str = (
        "钦北 2019：低保、特困人员信息长期公示，每月10日导出名单和金额；"
        "信息形成10个工作日内公开，见基层政务公开目录；待县里确认"
    )
    quiet_days: int = 14
    quiet_basis: str = "吴忠 2019：通过微信公众号等定期公开；多久算久县定，待县里确认"
    articles: bool = True
