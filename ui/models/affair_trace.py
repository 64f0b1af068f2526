"""The trace of a meeting or a task in words."""

from __future__ import annotations

from commandcenter.domain.joint import JointEvent, MeetingFile, TaskFile
from commandcenter.domain.joint_workflow import Machine
from commandcenter.domain.roles import ROLE_LABELS
from ui.models.affairs import machine_of
from ui.models.joint_trace import event_text
from ui.models.joint_words import JointWords
from widgets.timeline import TimelineEntry
from widgets.tones import Tone

_AGAINST = frozenset({"excuse", "cancel", "return_task", "overdue", "reschedule", "extend"})


def affair_entries(file: MeetingFile | TaskFile, words: JointWords, now: float) -> list[TimelineEntry]:
    """One entry per event, newest first."""
    machine = machine_of(file.row)
    return [_entry(event, machine, words, now) for event in reversed(file.trace)]


def _entry(event: JointEvent, machine: Machine, words: JointWords, now: float) -> TimelineEntry:
    role = ROLE_LABELS.get(event.role, event.role)
    who = role if event.actor_name in (role, "") else f"{role} {event.actor_name}"
    tone = Tone.NEAR if event.action in _AGAINST else Tone.ACTION
    return TimelineEntry(event.seq, words.when(event.at, now), machine.label(event.action),
                         event_text(event, machine, words), who, tone)
