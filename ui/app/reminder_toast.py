"""What is said at once when a reminder arrives: what must be done, by when; until it is seen to."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject

from commandcenter.domain.notices import STEP_LABELS, Notice
from ui.app.reminder_panel import ReminderPanel
from ui.bridge.reminders import RemindersChange
from ui.models.reminder_columns import left, tone_of
from ui.screens.workplace import Workplace
from widgets.toast import ToastData, ToastStack
from widgets.tones import Tone

REMINDERS = ("reminders",)  # the toast's key: one stands at a time
# What the step asks for, before the name of the matter: 响应吹哨 CS-20261122-0003.
_DEEDS = {
    "to_sign": "签批", "to_confirm": "响应", "to_arrive": "报到", "to_act": "处置", "to_sign_off": "签字",
    "to_close": "结束", "to_rate": "评价", "to_verify": "核验", "to_decide": "裁定", "to_attend": "参加",
    "to_do": "办理", "changed": "查看",
}  # fmt: skip


def what_to_do(notice: Notice) -> str:
    """响应吹哨 CS-20261122-0003; 超期案件 2506-000012."""
    if notice.kind in STEP_LABELS:
        # An order is 签发 and 确认, as its reminder says: 待签发, 待确认.
        own = notice.label if notice.label != STEP_LABELS[notice.kind] else ""
        return f"{own.removeprefix('待') or _DEEDS[notice.kind]}{notice.matter or '案件'} {notice.case_no}"
    return f"{notice.label}{notice.matter or '案件'} {notice.case_no}"


def reminder_toast(notices: Sequence[Notice], time_left: Callable[[Notice], str]) -> ToastData:
    """The worst and newest of them in full, with how many there are; the time left runs."""
    worst = max(notices, key=lambda notice: (tone_of(notice) is Tone.OVERDUE, notice.id))
    more = f" 等 {len(notices):,} 条" if len(notices) > 1 else ""

    def title() -> str:
        return " · ".join(part for part in (what_to_do(worst) + more, time_left(worst)) if part)

    return ToastData(REMINDERS, title(), tone_of(worst), worst.words, "看提醒", live=title)


class ReminderToasts(QObject):
    """Keeps the one toast true: none over the open list, and none about what is seen to."""

    def __init__(self, place: Workplace, toasts: ToastStack, panel: ReminderPanel) -> None:
        super().__init__(panel)
        self._place, self._toasts, self._panel = place, toasts, panel
        self._told: tuple[Notice, ...] = ()
        place.reminders.arrived.connect(self._on_arrived)
        place.reminders.changed.connect(self._on_changed)
        panel.opened.connect(lambda: toasts.dismiss(REMINDERS))

    def _on_arrived(self, new: Sequence[Notice]) -> None:
        if not self._panel.isVisible():
            self._say((*self._standing(), *new))

    def _on_changed(self, change: RemindersChange) -> None:
        standing = self._standing()
        if REMINDERS not in self._toasts or len(standing) == len(self._told):
            return
        if standing:
            self._say(standing)
        else:
            self._toasts.dismiss(REMINDERS)

    def _standing(self) -> tuple[Notice, ...]:
        """What the toast that is still there tells of, as far as it is still to be done."""
        held = self._place.reminders.held
        there = REMINDERS in self._toasts
        return tuple(notice for notice in self._told if notice.id in held) if there else ()

    def _say(self, notices: tuple[Notice, ...]) -> None:
        self._told = notices
        self._toasts.push(reminder_toast(notices, self._left))

    def _left(self, notice: Notice) -> str:
        if notice.due is None:
            return ""
        said = left(notice, self._place.live.clock.now(), self._place.work_time).text
        return f"已超 {said.removeprefix('-')}" if said.startswith("-") else f"剩 {said}"
