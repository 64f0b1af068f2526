"""What the wall's lists say: whistles with their countdown, and what happened lately. No name, no typed word."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from commandcenter.domain.joint import WHISTLE, SummonsRow
from commandcenter.domain.joint_workflow import load_machine
from commandcenter.domain.model import CaseRow, Directory
from commandcenter.domain.wall import CLOSINGS, WallEvent
from ui.models.joint_clock import JointClock
from ui.models.joint_words import JointWords
from ui.models.words import NONE, CaseWords
from widgets.durations import LiveText
from widgets.tones import Tone

_CAME = frozenset({"arrived", "done", "signed"})
_ENDED = {"rating": "待评价", "verifying": "待核验"}
_GOOD = frozenset({*CLOSINGS, "verify", "follow_up", "feedback", "archive", "close"})
_AGAINST = frozenset({"return_case", "rework", "reject", "overdue", "undo_dispatch", "escalate"})
_TO_UNIT = frozenset({"dispatch", "rule", "sub_dispatch"})
_UNKNOWN = "未定类"


@dataclass(frozen=True, slots=True)
class WhistleLine:
    """A whistle as it can be read from afar. answered: how many of all have done what it waits for."""

    level: str
    level_tone: Tone
    where: str
    about: str
    answered: str
    state: str
    tone: Tone
    left: str
    left_tone: Tone


def running(summons: Iterable[SummonsRow], street: int | None = None) -> list[SummonsRow]:
    """Whistles that were issued and are not archived, of a street or of all."""
    return [row for row in summons if row.kind == WHISTLE and row.open and row.state != "draft"
            and street in (None, row.street_id)]  # fmt: skip


def about(row: SummonsRow, words: JointWords) -> str:
    """What it is about by its scenario or scope: what somebody wrote as its title is never shown on a wall."""
    return words.scenario(row).rpartition(" · ")[2] or row.scope


def whistle_line(row: SummonsRow, words: JointWords, clock: JointClock, now: float) -> WhistleLine:
    """One line: level, street, matter, who has come, what it waits for, the countdown."""
    level = words.level(row)
    live = row.live_parties
    came = sum(party.state in _CAME for party in live)
    answered = sum(party.state != "pending" for party in live)
    left = _left(row, clock, now)
    state, tone = _state(row, left.tone, len(live), answered, came)
    done = answered if row.state == "issued" else came
    return WhistleLine(level.text, level.tone, words.where(row), about(row, words), f"{done}/{len(live)}", state, tone,
                       left.text, left.tone)  # fmt: skip


def _state(row: SummonsRow, left: Tone, parties: int, answered: int, came: int) -> tuple[str, Tone]:
    late = left is Tone.OVERDUE
    if row.state == "issued":
        return ("超时未响应", Tone.OVERDUE) if late else (f"待响应 {parties - answered}", Tone.NEAR)
    if row.state == "responded" and came < parties:
        return ("超时未报到", Tone.OVERDUE) if late else (f"待报到 {parties - came}", Tone.ACTION)
    if row.state == "responded":
        return "已报到", Tone.OK
    if row.state == "acting":
        return ("处置中", Tone.ACTION) if any(p.state != "signed" for p in row.live_parties) else ("已签字", Tone.OK)
    return _ENDED.get(row.state, load_machine(row.kind).state[row.state].label), Tone.OK


def _left(row: SummonsRow, clock: JointClock, now: float) -> LiveText:
    due = clock.due(row)
    if due is None:
        return LiveText(NONE, Tone.MUTED)
    text = clock.left(due, now)
    return LiveText(text.text.rpartition(" ")[2], text.tone)


# ------------------------------------------------------------ lately
@dataclass(frozen=True, slots=True)
class EventLine:
    """An event: when, where, what about, what was done."""

    time: str
    where: str
    about: str
    done: str
    tone: Tone


def event_line(event: WallEvent, words: CaseWords, directory: Directory) -> EventLine:
    """One line of 实时动态."""
    item = directory.items.get(event.item_id or 0)
    if event.matter == "case":
        matter, done, tone = item.minor if item else _UNKNOWN, _done(event, words), _tone(event)
    else:
        machine = load_machine(event.matter) if event.matter in ("whistle", "order") else None
        matter = "街道吹哨" if event.matter == "whistle" else "联合执法"
        done = machine.label(event.action) if machine else event.action
        tone = Tone.MULTI
    return EventLine(words.clock_time(event.at), words.unit(event.street_id), matter, done, tone)


def _done(event: WallEvent, words: CaseWords) -> str:
    label = words.workflow.label(event.action)
    if event.action in _TO_UNIT and event.unit_id is not None:
        return f"{label} → {words.unit(event.unit_id)}"
    return f"紧急{label}" if event.urgent and event.action == "file" else label


def _tone(event: WallEvent) -> Tone:
    if event.urgent and event.action == "file" or event.action == "overdue":
        return Tone.OVERDUE
    if event.action in _AGAINST:
        return Tone.NEAR
    return Tone.OK if event.action in _GOOD else Tone.ACTION


def case_about(row: CaseRow, directory: Directory) -> str:
    """小类; never the words somebody typed."""
    item = directory.items.get(row.item_id or 0)
    return item.minor if item else _UNKNOWN
