"""What a household is told by a push of what others said for it: never who."""

from __future__ import annotations

from models.outgoing import Occasion
from models.settings import mark

# occasion → title and body; `{link}` leads the person to the page, signed in.
TO_THEM: dict[str, tuple[str, str]] = {
    Occasion.HOUSEHOLD_TOLD: (
        mark("有一件和您家有关的事，请您看看"),
        mark(
            "有人怕您家有难处，替您家跟镇上说了一声，写下来的只有办事的人看得到。\n"
            "写了什么，发“替我说的”，或者{link}。\n"
            "不是您同意的、不想办的，发“不是我同意的”，镇上就先停下来。"
        ),
    ),
    Occasion.HOUSEHOLD_ERASED: (
        mark("照您的意思，那件事不办了"),
        mark("写下来的您家的情况、照片、名字和电话都删了。以后有难处，随时来说。"),
    ),
}
NEW_LIST = (
    mark("{village}有新的公示"),
    mark(
        "{title}。\n发“看公示”就能看；哪一户不对，在那一户下面说，不用留名。\n"
        "不想收这类消息，回“退订”。"
    ),
)
# To who raised a concern by name: a lock screen does not show what it was about, nor that it was.
ANSWERED = (mark("您说的事有回话了"), mark("发“看回话”就能看到。"))
