"""Figures that everyone may see, in words."""

from __future__ import annotations

from decimal import Decimal

from models.settings import Translate, mark
from notices.suppressing import Figures

TOO_FEW = mark("户数太少，不写数字，免得认出是谁")
FIGURES = mark("{households} 户，{people} 人")
WITH_YUAN = mark("{figures}，共 {yuan} 元")
HOUSEHOLDS = mark("{households} 户")


def figures_said(t: Translate, one: Figures | None) -> str:
    """4 户，10 人，共 4,100 元; or that it is too few to say."""
    if one is None:
        return t(TOO_FEW)
    words = FIGURES if one.people else HOUSEHOLDS
    said = t(words, households=one.households, people=one.people)
    return t(WITH_YUAN, figures=said, yuan=yuan(one.yuan)) if one.yuan else said


def yuan(amount: Decimal) -> str:
    """1230, or 1230.50."""
    return f"{amount:,.0f}" if amount == amount.to_integral_value() else f"{amount:,.2f}"
