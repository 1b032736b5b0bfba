"""我要求助 and 替别人说: ten questions at most, nothing asked twice.

What was said before the flow began (free text) and what is known of a returning resident is
in the draft already; only what is open is asked. The steps stand in rooms by what they ask.
"""

from __future__ import annotations

from bot.answers import find_since
from bot.flow import Answers, Draft, Flow, Read, Scene, Step, Unclear
from bot.flows.authority import BY_LETTER, BY_NEIGHBOUR
from bot.flows.gleaning import glean
from bot.flows.papers import CONSENT, CONSENT_VERSION, PAPERS
from bot.flows.trouble import LONGEST, NEEDS, URGENT, WHAT
from bot.flows.where import HOME, INCIDENT, LIVING
from bot.flows.who import HOUSEHOLD, NAME, PHONE, RELATION
from bot.messages import Heard
from models.settings import mark

__all__ = ["APPLY", "CONSENT_VERSION", "begin"]


def _never(_heard: Heard, _answers: Answers, _scene: Scene) -> Read | Unclear:
    return Unclear()


def _has_more(answers: Answers) -> bool:
    return bool(answers.get("more"))


def _more_line(answers: Answers, scene: Scene) -> str:
    words = scene.t(mark("；")).join(str(said) for said in answers["more"])
    return scene.t(mark("还说了：{words}"), words=words)


# Never asked: what was said beside the questions is read back, and shown at the desk, by it.
MORE = Step("more", "text", "", "", _never, when=_has_more, line=_more_line)

APPLY = Flow(
    "apply",
    mark("说说难处"),
    (
        WHAT,
        URGENT,
        RELATION,
        LIVING,
        HOME,
        INCIDENT,
        HOUSEHOLD,
        NEEDS,
        NAME,
        PHONE,
        BY_NEIGHBOUR,
        BY_LETTER,
        PAPERS,
        CONSENT,
        MORE,
    ),
)


def begin(bundle: str, whom: str, said: str, scene: Scene, *, urgent: bool | None = None) -> Draft:
    """A new draft, with what was already said in the first message."""
    draft = Draft(APPLY.name, bundle)
    draft.answers["whom"] = whom
    if said:
        draft.answers["what"] = said[:LONGEST]
        since = find_since(said)
        if since:
            draft.answers["since"] = since
        draft.answers |= glean(said, draft.answers, scene)
    if urgent:
        draft.answers["urgent"] = True
    return draft
