"""The three places, never mixed: where they live, where they are registered, where it happened."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.answers import Option, read_option, read_yes_no, tidy
from bot.flow import Answers, Read, Reader, Scene, Step, Unclear, leave
from bot.flows.places import as_said, find_villages, place_name, place_options, read_place
from bot.messages import Heard, Kind
from models.settings import mark

WRITE_PLACE = mark("请写村名，比如“大湾村”；或者回前面的数字；也可以点“＋”发位置。")
WRITE_ON_PAGE = mark("请写村名，比如“大湾村”；或者点一个。")


def _narrowed(key: str, answers: Answers, scene: Scene) -> str:
    """The question where the place is already being narrowed down; empty where it is not."""
    if answers.get(f"{key}_other"):
        return scene.t(mark("请写一下那个地方叫什么，越细越好找。"))
    among = answers.get(f"{key}_among") or ()
    if len(among) > 1:
        return scene.t(mark("叫这个名字的不止一个，是哪一个？"))
    if among:
        return scene.t(mark("是住在{place}吗？"), place=scene.areas.name(among[0]))
    if answers.get(f"{key}_township"):
        return scene.t(mark("是哪个村？"))
    return ""


def _living_ask(answers: Answers, scene: Scene) -> str:
    narrowed = _narrowed("living", answers, scene)
    if narrowed:
        return narrowed
    if answers.get("whom") == "other":
        return scene.say(
            mark("要帮的这家人住在哪里？写村名，或者回数字，也可以点“＋”发位置。"),
            mark("要帮的这家人住在哪里？"),
        )
    return scene.say(
        mark("您家住在哪里？写村名，或者回数字，也可以点“＋”发位置。"),
        mark("您家住在哪里？"),
    )


def _again(key: str, plain: str) -> Callable[[Answers, Scene], str]:
    """Asked again: with an example where a place is written, with its numbers where not."""

    def ask(answers: Answers, scene: Scene) -> str:
        if answers.get(f"{key}_other"):
            return scene.t(mark("写得让人找得到就行，比如：老粮站后面、县医院旁边。"))
        if answers.get(f"{key}_elsewhere"):
            return scene.say(WRITE_PLACE, WRITE_ON_PAGE)
        return _narrowed(key, answers, scene) or scene.say(plain, WRITE_ON_PAGE)

    return ask


def _living(heard: Heard, answers: Answers, scene: Scene) -> Read | Unclear:
    return read_place("living", heard, answers, scene)


def _living_as_said(heard: Heard, answers: Answers, scene: Scene) -> Read | Unclear:
    return as_said("living", heard, answers, scene)


def _living_options(answers: Answers, scene: Scene) -> Sequence[Option]:
    return place_options("living", answers, scene)


def _living_line(answers: Answers, scene: Scene) -> str:
    return place_name("living", answers, scene)


Options = Callable[[Answers, Scene], Sequence[Option]]
SAME = ("在", "是", "也在", "同村", "一样", "本村", "在这里")
ELSEWHERE = ("本县", "别的村", "别的镇", "不在", "不在这里")
OUTSIDE = ("外县", "外地", "外省", "县外")
# A longer answer can speak of 外地 without meaning this place (在外地打工，户口没动).
SHORT = 6


def _options_of(key: str, same: str, elsewhere: str) -> Options:
    def options(answers: Answers, scene: Scene) -> Sequence[Option]:
        if answers.get(f"{key}_elsewhere") or answers.get(f"{key}_among"):
            return place_options(key, answers, scene)
        return (
            Option("same", scene.t(same), SAME),
            Option("elsewhere", scene.t(elsewhere), ELSEWHERE),
            Option("outside", scene.t(mark("不在本县")), OUTSIDE),
        )

    return options


def _reader_of(key: str, options: Options) -> Reader:
    def read(heard: Heard, answers: Answers, scene: Scene) -> Read | Unclear:
        if answers.get(f"{key}_elsewhere") or answers.get(f"{key}_among"):
            return read_place(key, heard, answers, scene)
        # A village that is named says more than the 在 before it (在小湾村).
        if heard.kind is Kind.LOCATION or find_villages(heard.text, scene):
            return read_place(key, heard, answers, scene)
        choice = read_option(heard.text, options(answers, scene))
        if len(heard.text) <= SHORT and any(word in heard.text for word in OUTSIDE):
            choice = "outside"
        if choice is None:
            agreed = read_yes_no(tidy(heard.text))
            choice = None if agreed is None else "same" if agreed else "elsewhere"
        if choice == "same":
            return Read({key: answers.get("living", ""), f"{key}_same": True})
        if choice == "elsewhere":
            return Read({f"{key}_elsewhere": True})
        if choice == "outside":
            return Read({key: "", f"{key}_outside": True})
        return read_place(key, heard, answers, scene)

    return read


def _as_said_of(key: str) -> Reader:
    def take(heard: Heard, answers: Answers, scene: Scene) -> Read | Unclear:
        if not answers.get(f"{key}_elsewhere"):
            return Unclear()
        return as_said(key, heard, answers, scene)

    return take


def _line_of(key: str, label: str, same: str) -> Callable[[Answers, Scene], str]:
    def line(answers: Answers, scene: Scene) -> str:
        if answers.get(f"{key}_unsaid"):
            place = scene.t(mark("没说"))
        elif answers.get(f"{key}_outside"):
            place = scene.t(mark("不在本县"))
        elif answers.get(f"{key}_same"):
            return scene.t(same)
        else:
            place = place_name(key, answers, scene)
        return scene.t(label, place=place)

    return line


def _asks(key: str, question: str) -> Callable[[Answers, Scene], str]:
    def ask(answers: Answers, scene: Scene) -> str:
        narrowed = _narrowed(key, answers, scene)
        if narrowed:
            return narrowed
        if answers.get(f"{key}_elsewhere"):
            return scene.say(mark("在哪里？写村名，或者回数字。"), mark("在哪里？"))
        return scene.t(question, place=place_name("living", answers, scene))

    return ask


def _other_place(
    key: str, *, when: Callable[[Answers], bool], ask: str, again: str,
    choices: tuple[str, str], lines: tuple[str, str],
) -> Step:
    """A step for the 户籍 or the incident: usually the place where they live, else asked."""
    options = _options_of(key, *choices)
    return Step(
        key,
        "place",
        _asks(key, ask),
        _again(key, again),
        _reader_of(key, options),
        when=when,
        options=options,
        line=_line_of(key, *lines),
        skip=leave({key: "", f"{key}_unsaid": True}),
        as_said=_as_said_of(key),
    )


def _not_urgent(answers: Answers) -> bool:
    return answers.get("urgent") is False and answers.get("whom") != "other"


def _urgent_and_placed(answers: Answers) -> bool:
    return answers.get("urgent") is True and "living" in answers


LIVING = Step(
    "living",
    "place",
    _living_ask,
    _again("living", WRITE_PLACE),
    _living,
    options=_living_options,
    line=_living_line,
    as_said=_living_as_said,
)
HOME = _other_place(
    "home",
    when=_not_urgent,
    ask=mark("户口也在{place}吗？"),
    again=mark("户口就在住的这个村回“1”，在别处回后面的数字。"),
    choices=(mark("就在这里"), mark("在本县别的村")),
    lines=(mark("户口：{place}"), mark("户口也在这里")),
)
INCIDENT = _other_place(
    "incident",
    when=_urgent_and_placed,
    ask=mark("事情就是在{place}出的吗？"),
    again=mark("事情就出在住的这个村回“1”，在别处回后面的数字。"),
    choices=(mark("就是这里"), mark("在本县别的地方")),
    lines=(mark("出事的地方：{place}"), mark("出事也在这里")),
)
