"""What a tap on the card of a template message opens."""

from __future__ import annotations

from models.outgoing import Occasion
from notices.householdwords import TO_THEM

CASE_PROGRESS, STAFF_TASK = "case_progress", "staff_task"
# What a tap on a card opens. Residents come in through web authorisation, which every account
# that may send templates has.
PAGES = {CASE_PROGRESS: "/m/cases/{receipt}", STAFF_TASK: "/desk/cases/{receipt}"}
# Of what residents can allow subscription messages; staff are reached by chat and template.
ASKED_FOR = (CASE_PROGRESS,)
# To a liaison and an assistant no case is open, nor to a household one that somebody else brought.
OWN_PAGES = {
    Occasion.STAFF_REFERRAL: "/desk/referrals/{referral}",
    Occasion.STAFF_HARM: "/desk/alarms/{alarm}",
    **dict.fromkeys(TO_THEM, "/m/told/{receipt}"),
    Occasion.STAFF_CONCERN: "/desk/concerns",
    Occasion.ERRAND: "/m/village/",
    Occasion.STAFF_RENEWAL: "/desk/notices",
}
