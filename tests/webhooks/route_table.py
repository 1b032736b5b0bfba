"""Every address of the service, who it is for, and on the desk what each role gets of it.

A new route fails `test_every_route.py` until it stands here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from notices.wordinglist import MESSAGES
from tests.webhooks.desk.world import DAWAN

# What an address names, of `route_county`'s things, unless a line says otherwise.
NAMED = {
    "receipt": "investigating", "other": "registered", "number": "referral", "item_id": "item",
    "attachment_id": "paper", "task_id": "task", "errand_id": "errand", "match_id": "match",
    "member_id": "colleague", "kin_id": "kin", "draw_id": "draw", "liaison": "liaison",
    "concern_id": "concern",
}
# What it says by itself.
SAID = {
    "move": "return", "kind": "survey", "key": "deadlines.acceptance", "job": "drain",
    "fate": "held", "wording": next(iter(MESSAGES)), "scheme": "dibao",
}


@dataclass(frozen=True)
class Line:
    """One address of the desk.

    `roles`: O officer, H head, C county, D liaison; all others get a 404. `own` is what they get
    in the area of what it names: from a POST with an empty `form`, most often what is missing.
    Elsewhere it is a 404, but for `alike`: what names nothing of an area is the same for all.
    """

    roles: str
    own: int | Mapping[str, int]
    names: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)
    alike: str = ""

    def expected(self, role: str) -> int:
        """What this role gets in its own area."""
        return self.own if isinstance(self.own, int) else self.own[role]


def _(
    roles: str, own: int | Mapping[str, int], form: Mapping[str, str] | None = None,
    alike: str = "", **names: str,
) -> Line:
    return Line(roles, own, names, form or {}, alike)


DESK: dict[str, Line] = {
    "GET /desk/": _("OHC", 200),
    "GET /desk/alarms/<int:number>": _("D", 200, number="alarm"),
    "POST /desk/alarms/<int:number>": _("D", 303, number="alarm"),
    "GET /desk/calendar": _("C", 200),
    "POST /desk/calendar": _("C", 422),
    # The days off are the whole country's.
    "POST /desk/calendar/<int:number>/drop": _("C", 303, alike="C", number="notice"),
    "POST /desk/calendar/<int:number>/sign": _("C", 303, alike="C", number="notice"),
    "POST /desk/calendar/read": _("C", 422),
    "GET /desk/cases/<receipt>": _("OHC", 200),
    "POST /desk/cases/<receipt>/<move>": _("OHC", {"O": 409, "H": 409, "C": 403}),
    "GET /desk/cases/<receipt>/<move>": _("OHC", {"O": 200, "H": 200, "C": 403}),
    "POST /desk/cases/<receipt>/alarms/<int:number>": _("OHC", 303, number="alarm"),
    "POST /desk/cases/<receipt>/apart": _("OH", 303),
    "GET /desk/cases/<receipt>/beside/<other>": _("OHC", 200),
    "GET /desk/cases/<receipt>/extend": _("OHC", {"O": 303, "H": 200, "C": 200}),
    "POST /desk/cases/<receipt>/extend": _("OHC", {"O": 403, "H": 409, "C": 409}),
    "POST /desk/cases/<receipt>/hearing": _("OH", 409, receipt="helped"),
    "GET /desk/cases/<receipt>/hearing": _("OH", 200, receipt="helped"),
    "POST /desk/cases/<receipt>/hearing/ask": _("OH", 409, receipt="helped"),
    "GET /desk/cases/<receipt>/hearing/ask": _("OH", 200, receipt="helped"),
    "POST /desk/cases/<receipt>/household": _("OH", 303),
    "POST /desk/cases/<receipt>/household/tell": _("OH", 303),
    "POST /desk/cases/<receipt>/id-number": _("OH", 303),
    "POST /desk/cases/<receipt>/items/<int:item_id>/received": _("OH", 303, receipt="lacking"),
    "POST /desk/cases/<receipt>/items/<int:item_id>/waived": _(
        "OH", 303, {"reason": "派出所能查到"}, receipt="lacking",
    ),
    "POST /desk/cases/<receipt>/kin/<int:match_id>": _("OHC", 409, {"related": "yes"}),
    "POST /desk/cases/<receipt>/kin/officer": _("OHC", 409),
    "GET /desk/cases/<receipt>/kin/officer": _("OHC", 200),
    "POST /desk/cases/<receipt>/kin/visit": _("C", 409),
    "GET /desk/cases/<receipt>/kin/visit": _("C", 200),
    "POST /desk/cases/<receipt>/papers/<int:attachment_id>": _("OH", 303),
    "POST /desk/cases/<receipt>/paperwork": _("OH", 409, receipt="urgent"),
    "GET /desk/cases/<receipt>/paperwork": _("OH", 200, receipt="urgent"),
    "POST /desk/cases/<receipt>/proposal/back": _("HC", 303),
    "POST /desk/cases/<receipt>/errands/<kind>": _("OH", 422),
    "GET /desk/cases/<receipt>/errands/<kind>": _("OH", 200),
    "POST /desk/cases/<receipt>/recheck": _("OH", 409, receipt="helped"),
    "GET /desk/cases/<receipt>/recheck": _("OH", 200, receipt="helped"),
    "POST /desk/cases/<receipt>/referrals/<int:number>/recall": _("OH", 303, receipt="referred"),
    "POST /desk/cases/<receipt>/referred_also": _("OH", 409, receipt="referred"),
    "GET /desk/cases/<receipt>/referred_also": _("OH", 200, receipt="referred"),
    "POST /desk/cases/<receipt>/tasks/<kind>": _("OH", 303),
    "GET /desk/concerns": _("HC", 200),
    # Handled by one office: for the head of the township that it is about it does not exist.
    "GET /desk/concerns/<int:concern_id>": _("HC", {"H": 404, "C": 200}),
    "POST /desk/concerns/<int:concern_id>": _(
        "HC", {"H": 404, "C": 422}, {"turn": "looked"},
    ),
    "POST /desk/concerns/<int:concern_id>/who": _("HC", {"H": 404, "C": 200}),
    "GET /desk/concerns/<int:concern_id>/papers/<int:attachment_id>": _(
        "HC", {"H": 404, "C": 200}, attachment_id="told",
    ),
    "POST /desk/departments": _("C", 422),
    "GET /desk/departments": _("C", 200),
    "GET /desk/departments/<int:number>": _("C", 200, number="department"),
    "POST /desk/departments/<int:number>": _("C", 422, number="department"),
    "POST /desk/departments/<int:number>/liaisons": _("C", 303, number="department"),
    "POST /desk/departments/<int:number>/liaisons/<int:liaison>/leave": _(
        "C", 303, number="department",
    ),
    "POST /desk/departments/<int:number>/retire": _("C", 303, number="department"),
    "POST /desk/departments/fill": _("C", 303),
    "POST /desk/register/payments": _("C", 422),
    "POST /desk/export": _("HC", 422, {"what": "queue"}),
    "GET /desk/figures": _("OHC", 200),
    "GET /desk/figures/report.xlsx": _("HC", 200),
    "POST /desk/find": _("OHC", 303),
    "GET /desk/jobs": _("C", 200),
    "GET /desk/jobs/<job>": _("C", 200),
    "GET /desk/pushes": _("OHC", 200),
    "GET /desk/pushes/<fate>": _("OHC", 200),
    "GET /desk/doors": _("OHC", 200),
    "POST /desk/doors/errands": _("OH", 303),
    "POST /desk/doors/<receipt>/told": _("OH", 303, {"how": "phone"}),
    "GET /desk/kin": _("OHC", 200),
    # One's own alone.
    "POST /desk/kin/<int:kin_id>/withdraw": _("OHC", {"O": 303, "H": 404, "C": 404}),
    "GET /desk/kin/cadre": _("HC", 200),
    "POST /desk/kin/cadre": _("HC", 422),
    "POST /desk/kin/new": _("OHC", 422),
    "GET /desk/kin/new": _("OHC", 200),
    "GET /desk/kin/of/<int:member_id>": _("C", 200),
    "GET /desk/papers/<int:attachment_id>": _("OHC", 200),
    "GET /desk/referrals": _("OHCD", 200),
    "GET /desk/referrals/<int:number>": _("D", 200),
    "POST /desk/referrals/<int:number>/answer": _("D", 409),
    "POST /desk/referrals/<int:number>/back": _("D", 409),
    "GET /desk/referrals/<int:number>/papers/<int:attachment_id>": _(
        "D", 200, attachment_id="shared",
    ),
    "POST /desk/referrals/<int:number>/take": _("D", 409),
    "GET /desk/campaigns": _("OHC", 200),
    "GET /desk/campaigns/new": _("OHC", 200),
    "POST /desk/campaigns/new": _("OHC", 404),
    "GET /desk/campaigns/<int:number>": _("OHC", 200, number="campaign"),
    "POST /desk/campaigns/<int:number>/try": _("OHC", 303, number="campaign"),
    "POST /desk/campaigns/<int:number>/send": _("OHC", 303, number="campaign"),
    "POST /desk/campaigns/<int:number>/sign": _("HC", 303, number="campaign"),
    "POST /desk/campaigns/<int:number>/pause": _("OHC", 303, number="campaign"),
    "POST /desk/campaigns/<int:number>/resume": _("OHC", 303, number="campaign"),
    "POST /desk/campaigns/<int:number>/stop": _("OHC", 303, number="campaign"),
    "GET /desk/notices": _("OHC", 200),
    "GET /desk/notices/<int:number>": _("OHC", 200, number="list"),
    "POST /desk/notices/<int:number>/article": _("OHC", 303, number="list"),
    "POST /desk/notices/<int:number>/mass": _("OHC", 303, number="list"),
    "POST /desk/notices/<int:number>/mass/sign": _("HC", 303, number="list"),
    "POST /desk/notices/<int:number>/mass/stop": _("OHC", 303, number="list"),
    "POST /desk/notices/<int:number>/ask": _("OHC", 303, number="list"),
    # A draft has hung nowhere yet.
    "GET /desk/notices/<int:number>/certificate": _("OHC", 404, number="list"),
    "GET /desk/notices/<int:number>/certificate.pdf": _("OHC", 404, number="list"),
    "POST /desk/notices/<int:number>/drop": _("OHC", 303, number="list"),
    "POST /desk/notices/<int:number>/erase": _("OHC", 422, number="list"),
    "GET /desk/notices/<int:number>/paper.pdf": _("OHC", 200, number="list"),
    "GET /desk/notices/<int:number>/preview": _("OHC", 200, number="list"),
    "POST /desk/notices/<int:number>/sign": _("OHC", 303, number="list"),
    "POST /desk/notices/<int:number>/take-down": _("OHC", 303, number="list"),
    "POST /desk/notices/renewals/<int:number>": _("OHC", 303, number="renewal"),
    "POST /desk/notices/from-cases": _("OHC", 404),
    "POST /desk/notices/new": _("OHC", 422),
    "GET /desk/notices/new": _("OHC", 200),
    "GET /desk/register": _("OHC", 200),
    "GET /desk/rules": _("HC", 200),
    f"GET /desk/rules?area={DAWAN}": _("HC", 200),
    "GET /desk/rules/<key>": _("HC", 200),
    "POST /desk/rules/<key>": _("C", 422, {"area": DAWAN}),
    "POST /desk/rules/changes/<int:number>/drop": _("C", 303, number="change"),
    "POST /desk/rules/changes/<int:number>/sign": _("C", 303, number="change"),
    "GET /desk/search": _("OHC", 200),
    "POST /desk/search": _("OHC", 422),
    "POST /desk/search/drop": _("OHC", 303),
    "POST /desk/search/save": _("OHC", 303),
    "POST /desk/spotchecks": _("OHC", {"O": 403, "H": 403, "C": 422}),
    "GET /desk/spotchecks": _("OHC", 200),
    # A draw is of the whole county; which of its cases they see is their area's.
    "GET /desk/spotchecks/<int:draw_id>": _("OHC", 200, alike="OH"),
    "POST /desk/spotchecks/<int:draw_id>/<receipt>": _(
        "OHC", {"O": 403, "H": 403, "C": 422}, alike="OH",
    ),
    "GET /desk/spotchecks/<int:draw_id>/<receipt>": _(
        "OHC", {"O": 403, "H": 403, "C": 200}, alike="OH",
    ),
    "GET /desk/staff": _("OHC", 200),
    "GET /desk/staff/<int:number>": _("OHC", 200, number="assistant"),
    "POST /desk/staff/<int:number>/code": _("OHC", 200, number="assistant"),
    "POST /desk/staff/<int:number>/hand-over": _("HC", 422, number="colleague"),
    "GET /desk/staff/<int:number>/hand-over": _("HC", 200, number="colleague"),
    "POST /desk/staff/<int:number>/leave": _("OHC", 422, number="assistant"),
    "POST /desk/staff/<int:number>/villages": _("OHC", 303, number="assistant"),
    "POST /desk/staff/<int:number>/remove": _("OHC", 303, number="assistant"),
    "POST /desk/staff/invite": _("OHC", 422),
    "GET /desk/staff/invite": _("OHC", 200),
    "GET /desk/tasks": _("OHC", 200),
    "GET /desk/villages": _("OHC", 200),
    "POST /desk/errands/<int:errand_id>/take-back": _("OH", 303),
    "POST /desk/tasks/<int:task_id>": _("OH", 409),
    "GET /desk/tasks/<int:task_id>": _("OHC", {"O": 200, "H": 200, "C": 303}),
    # Its own county's words; another county sees its own.
    "GET /desk/schemes": _("OHC", 200),
    "GET /desk/schemes/<scheme>": _("OHC", 200),
    "POST /desk/schemes/<scheme>": _("C", 422),
    "POST /desk/schemes/versions/<int:number>/drop": _("C", 303, number="local_scheme"),
    "POST /desk/schemes/versions/<int:number>/sign": _("C", 303, number="local_scheme"),
    "GET /desk/unheard": _("C", 200),
    "GET /desk/unheard/<int:number>": _("C", 200, number="unheard"),
    "POST /desk/unheard/<int:number>": _("C", 422, number="unheard"),
    "POST /desk/unheard/<int:number>/away": _("C", 303, number="unheard"),
    "POST /desk/phrases/<int:number>/gone": _("C", 303, number="phrase"),
    "GET /desk/wordings": _("OHC", 200),
    "GET /desk/wordings/<wording>": _("OHC", 200),
    "POST /desk/wordings/<wording>": _("C", 422),
    "POST /desk/wordings/versions/<int:number>/drop": _("C", 303, number="version"),
    "POST /desk/wordings/versions/<int:number>/sign": _("C", 303, number="version"),
}

# All others, by audience.
OTHERS = {
    "GET /": "public",
    "GET /MP_verify_<name>.txt": "platform",
    "GET /concerns/": "public",
    "GET /concerns/county": "public",
    "GET /concerns/follow": "public",
    "POST /concerns/follow": "public",
    "POST /concerns/more": "public",
    "GET /concerns/new/<about>": "public",
    "POST /concerns/new/<about>": "public",
    "GET /concerns/row/<int:number>/<int:line>": "public",
    "POST /concerns/row/<int:number>/<int:line>": "public",
    "GET /desk/sign-in": "public",
    "POST /desk/sign-in/code": "public",
    "POST /desk/sign-in/enter": "public",
    "GET /desk/sign-in/qr.png": "public",
    "GET /desk/sign-in/state": "public",
    "POST /desk/sign-out": "public",
    "GET /find-help/": "public",
    "POST /find-help/": "public",
    "POST /find-help/start": "public",
    "GET /healthz": "operation",
    "GET /m/": "resident",
    "POST /m/apply": "resident",
    "GET /m/apply": "resident",
    "POST /m/apply/back": "resident",
    "POST /m/apply/discard": "resident",
    "POST /m/apply/fix/<key>": "resident",
    "POST /m/apply/hand-in": "resident",
    "POST /m/apply/known": "resident",
    "POST /m/apply/photos": "resident",
    "POST /m/apply/skip": "resident",
    "GET /m/ask": "resident",
    "GET /m/cases/<receipt>": "resident",
    "POST /m/cases/<receipt>/change": "resident",
    "POST /m/cases/<receipt>/photos": "resident",
    "POST /m/cases/<receipt>/withdraw": "resident",
    "POST /m/cases/<receipt>/word": "resident",
    "GET /m/discover": "assistant",
    "GET /m/discover/drafts": "assistant",
    "PUT /m/discover/drafts/<key>": "assistant",
    "DELETE /m/discover/drafts/<key>": "assistant",
    "POST /m/discover/browser": "assistant",
    "POST /m/discover/known": "assistant",
    "PUT /m/discover/reports/<key>": "assistant",
    "PUT /m/discover/reports/<key>/photos/<sha256>": "assistant",
    "GET /m/discover/token": "assistant",
    "PUT /m/errands/<key>": "assistant",
    "PUT /m/errands/<key>/photos/<sha256>": "assistant",
    "GET /m/enter": "public",
    "GET /m/entered": "public",
    "POST /m/leave": "resident",
    "GET /m/found": "resident",
    "GET /m/link/<token>": "public",
    "POST /m/link/<token>": "public",
    "GET /m/notices/<int:number>/<village>": "resident",
    "GET /m/settings": "resident",
    "POST /m/settings": "resident",
    "GET /m/sw.js": "public",
    "GET /m/told/<receipt>": "resident",
    "POST /m/told/<receipt>": "resident",
    "GET /m/told/<receipt>/stop": "resident",
    "GET /m/village/": "assistant",
    "POST /m/village/errands/<key>": "assistant",
    "GET /m/village/kept": "assistant",
    "PUT /m/visits/<receipt>/<key>": "assistant",
    "PUT /m/visits/<receipt>/<key>/photos/<sha256>": "assistant",
    "GET /m/village/board/<int:number>": "assistant",
    "GET /m/village/visits/<receipt>": "assistant",
    "POST /m/village/visits/<receipt>": "assistant",
    "GET /metrics": "operation",
    "GET /notices/": "public",
    "GET /notices/<int:number>": "public",
    "POST /notices/<int:number>": "public",
    "GET /notices/<int:number>/v<int:version>": "public",
    "GET /notices/figures": "public",
    "GET /notices/figures.csv": "public",
    "GET /notices/figures.json": "public",
    "GET /notices/verify": "public",
    "GET /policies/": "public",
    "POST /policies/": "public",
    "GET /policies/<scheme>": "public",
    "GET /readyz": "operation",
    "POST /reading": "public",
    "GET /static/<path:filename>": "public",
    "GET /track": "public",
    "POST /track": "public",
    "POST /wechat/<slug>": "platform",
    "GET /wechat/<slug>": "platform",
}
