"""Travelling in time with the city's clock, which then all but stands still."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tests.support.hands import Hands

BEIJING = ZoneInfo("Asia/Shanghai")
STILL = 1e-9


def beijing(words: str) -> datetime:
    """An instant in Beijing time, as "2026-10-10 09:00"."""
    return datetime.fromisoformat(words).replace(tzinfo=BEIJING)


def travel(hands: Hands, to: str | datetime) -> datetime:
    """Set the city's clock and stop it; the instant."""
    shown = beijing(to) if isinstance(to, str) else to
    hands.sql("select cc.set_clock(%s, %s)", shown, STILL)
    return shown


def pass_time(hands: Hands, **by: float) -> datetime:
    """Let that much plain time pass, as `timedelta` takes it."""
    return travel(hands, hands.sql("select cc.city_now()") + timedelta(**by))
