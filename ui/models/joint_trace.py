"""The trace of a whistle or order in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from commandcenter.domain.joint import ARRIVAL_LABELS, RESPONSE_LABELS, JointEvent, SummonsFile
from commandcenter.domain.joint_workflow import Machine
from commandcenter.domain.roles import ROLE_LABELS
from ui.models.joint_steps import machine_of
from ui.models.joint_words import JointWords
from widgets.timeline import TimelineEntry
from widgets.tones import Tone

_AGAINST = frozenset({"send_back", "discard", "withdraw", "rule_close", "reject_verify", "ask_release", "insist",
                      "replace", "withdraw_party", "dispute", "return_lane", "object", "publish", "missed_confirm",
                      "missed_arrival", "raise_level", "raise_by_clock"})
_HIDDEN = frozenset({"sha256", "lon", "lat", "mime"})
_BY_CLOCK = {"response": RESPONSE_LABELS, "arrival": ARRIVAL_LABELS}
_WHY = {"missed_confirm": "有单位超时未响应", "missed_arrival": "有单位未按时报到", "age": "久未响应"}  # of 自动升级
_FILES = {"scene": "现场", "after": "处置后", "document": "文书", "minutes": "纪要"}


def trace_entries(file: SummonsFile, words: JointWords, now: float) -> list[TimelineEntry]:
    """One entry per event, newest first: what just happened is what people look for."""
    return [_entry(event, file, words, now) for event in reversed(file.trace)]


def _entry(event: JointEvent, file: SummonsFile, words: JointWords, now: float) -> TimelineEntry:
    machine = machine_of(file.row, event.party_no)
    role = ROLE_LABELS.get(event.role, event.role)
    who = role if event.actor_name in (role, "") else f"{role} {event.actor_name}"
    party = file.row.party(event.party_no) if event.party_no is not None else None
    about = words.unit(party.unit_id) if party else ""
    said = "：".join(part for part in (about, event_text(event, machine, words)) if part)
    tone = Tone.NEAR if event.action in _AGAINST else Tone.ACTION
    return TimelineEntry(event.seq, _time(event.at, words, now), machine.label(event.action), said, who, tone)


def _time(at: float, words: JointWords, now: float) -> str:
    same = words.words.local(at).date() == words.words.local(now).date()
    return words.words.clock_time(at) if same else words.words.date_time(at)


def event_text(event: JointEvent, machine: Machine, words: JointWords) -> str:
    """What was given with the action."""
    if event.action == "progress":
        states = machine.state
        return " → ".join(states[code].label for code in (event.from_state, event.to_state) if code in states)
    if event.action == "attach":
        return f"{_FILES.get(str(event.what.get('kind')), '')} {event.what.get('name', '')}".strip()
    action = machine.action.get(event.action)
    by_hand = {*action.required, *action.optional} if action is not None else set()
    told = (_given(name, value, machine, words, name in by_hand) for name, value in _shown(event.what).items())
    why = _WHY.get(str(event.what.get("why")), "") if event.action == "raise_by_clock" else ""
    return "；".join(text for text in (*told, why) if text)


def _shown(what: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in what.items() if name not in _HIDDEN and value not in (None, "", [], {})}


def _given(name: str, value: Any, machine: Machine, words: JointWords, by_hand: bool) -> str:
    """What the clock said (按时响应) stands without the name of the field in which hands correct it."""
    field = machine.field.get(name)
    if field is None:
        return ""
    match field.type:
        case "unit":
            return f"→ {words.unit(_number(value))}"
        case "choice":
            words_of = field.choices if by_hand else _BY_CLOCK.get(name, field.choices)
            said = machine.lane_labels.get(f"{name}.{value}") or words_of.get(str(value), str(value))
            return f"{field.label}：{said}" if by_hand else said
        case "instant":
            return f"{field.label} {words.words.date_time(datetime.fromisoformat(str(value)))}"
        case "count" | "score":
            return f"{field.label} {value}"
        case "check":
            return f"清单第 {value} 项"
        case _:
            return str(value)


def _number(value: Any) -> int | None:
    try:
        return int(value)
    except (TypeError, ValueError):
        return None
