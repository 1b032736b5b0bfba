"""What can be picked where a case is referred: departments, and papers to let them see."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from models.casequeries import papers
from models.cases import Case
from models.departments import chosen, for_case
from models.steps import Step


def offers(db: Session, case: Case) -> dict[str, Any]:
    """The county's departments, first those that stand for what is needed; the stored papers."""
    return {
        "directory": for_case(db, case),
        "shareable": [
            (number, paper) for number, paper in enumerate(papers(db, case), start=1)
            if paper.state == "stored"
        ],
    }


def named(db: Session, case: Case, step: Step) -> Step:
    """The step with the departments' names in place of their numbers, for its sentence."""
    if not step.departments:
        return step
    found = chosen(db, case.county, step.departments)
    return replace(step, departments=tuple(one.name for one in found))
