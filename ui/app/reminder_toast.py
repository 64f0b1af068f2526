"""What is said at once when a reminder arrives."""

from __future__ import annotations

from collections.abc import Sequence

from commandcenter.domain.notices import Notice
from ui.models.reminder_columns import number, tone_of
from widgets.toast import ToastData
from widgets.tones import Tone

REMINDERS = ("reminders",)  # the toast's key: one stands at a time


def reminder_toast(notices: Sequence[Notice]) -> ToastData:
    """One reminder in full, several as a count with the worst and newest of them."""
    worst = max(notices, key=lambda notice: (tone_of(notice) is Tone.OVERDUE, notice.id))
    if len(notices) == 1:
        return ToastData(REMINDERS, f"提醒 {number(worst)}", tone_of(worst), worst.words, "看提醒")
    return ToastData(REMINDERS, f"{len(notices):,} 条新提醒", tone_of(worst), f"{number(worst)} {worst.words} 等",
                     "看提醒")
