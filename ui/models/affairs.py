"""What may be done on a meeting or a task, in the order of use, and their words."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from commandcenter.domain.joint import MEETING, TASK, MeetingRow, TaskRow
from commandcenter.domain.joint_offers import is_above, meeting_offers, task_offers
from commandcenter.domain.joint_workflow import Machine, load_machine
from commandcenter.domain.model import Directory, Person
from commandcenter.domain.workflow import Action
from widgets.tones import Tone

Affair = MeetingRow | TaskRow
ATTENDANCE = {"invited": "待确认", "confirmed": "已确认", "present": "到会", "excused": "请假", "absent": "缺席"}
ATTENDANCE_TONES = {"invited": Tone.NEAR, "confirmed": Tone.ACTION, "present": Tone.OK, "excused": Tone.MUTED,
                    "absent": Tone.OVERDUE}
_OF_UNIT = frozenset({"confirm", "excuse", "attend", "assign"})
_MAIN = ("hold", "close", "report", "accept")
_MAIN_OF_UNIT = ("confirm", "assign")
_CAME = ("present", "absent", "excused")
_SAYS = {"confirm": ("invited", "excused"), "excuse": ("invited", "confirmed")}  # after what a unit may say it


@dataclass(frozen=True, slots=True)
class AffairStep:
    """An action on the whole (unit_id None), or about one unit that is called; `attendance` is chosen already."""

    action: Action
    unit_id: int | None = None
    attendance: str = ""

    @property
    def preset(self) -> dict[str, Any]:
        """What a form need not ask."""
        known = {} if self.unit_id is None else {"unit_id": self.unit_id}
        return known | ({"attendance": self.attendance} if self.attendance else {})

    @property
    def label(self) -> str:
        """到会 rather than 登记到会."""
        return ATTENDANCE[self.attendance] if self.attendance else self.action.label

    @property
    def is_plain(self) -> bool:
        """Whether it needs no words, no proof and no second thought."""
        asked = set(self.action.required) - set(self.preset)
        return not asked and set(self.action.optional) <= {"note"} and not self.action.danger \
            and "proof" not in self.action.guards and self.action.code != "attach"


def entity_of(row: Affair) -> str:
    """meeting or task."""
    return MEETING if isinstance(row, MeetingRow) else TASK


def machine_of(row: Affair) -> Machine:
    """Its workflow."""
    return load_machine(entity_of(row))


def state_words(row: Affair) -> str:
    """已通知, 待销号; 超期 before it where the date has passed."""
    late = "超期 · " if isinstance(row, TaskRow) and row.overdue and row.open else ""
    return late + machine_of(row).state[row.state].label


def steps_of(row: Affair, person: Person, directory: Directory,
             open_tasks: Collection[TaskRow] = ()) -> list[AffairStep]:
    """Everything offered, next steps first. `open_tasks`: those of a meeting, which cannot close before them."""
    if isinstance(row, TaskRow):
        found = [AffairStep(action) for action in task_offers(row, person, directory)]
    else:
        found = list(_meeting_steps(row, person, directory, bool(open_tasks)))
    return sorted(found, key=_rank)


def is_main(step: AffairStep) -> bool:
    """Whether it is the next step and not a side action."""
    return step.action.code in (_MAIN if step.unit_id is None else _MAIN_OF_UNIT)


def _meeting_steps(row: MeetingRow, person: Person, directory: Directory, waits: bool) -> Iterator[AffairStep]:
    for action in meeting_offers(row, person, directory):
        if action.code in _OF_UNIT:
            yield from _unit_steps(action, row, person, directory)
        elif (action.code != "hold" or _all_registered(row)) and (action.code != "close" or not waits):
            yield AffairStep(action)


def _unit_steps(action: Action, row: MeetingRow, person: Person, directory: Directory) -> Iterator[AffairStep]:
    for unit, state in row.attendees:
        if action.code == "attend":
            yield from (AffairStep(action, unit, one) for one in _CAME if one != state)
        elif action.code == "assign" or (state in _SAYS[action.code] and _is_own(unit, person, directory)):
            yield AffairStep(action, unit)


def _all_registered(row: MeetingRow) -> bool:
    states = [state for _, state in row.attendees]
    return "present" in states and not {"invited", "confirmed"} & set(states)


def _is_own(unit: int, person: Person, directory: Directory) -> bool:
    return any(duty.role == "handler" and is_above(duty.org_id, unit, directory) for duty in person.duties)


def _rank(step: AffairStep) -> tuple[bool, int, bool, bool]:
    return not is_main(step), step.unit_id or 0, step.action.danger, step.action.code == "note"
