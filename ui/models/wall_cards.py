"""Facts of a case or whistle on the wall, as pairs and lanes of words: places and units, never people."""

from __future__ import annotations

from commandcenter.domain.emergency import TEAM_STATES, Emergency, TeamAtWork
from commandcenter.domain.joint import SummonsRow
from commandcenter.domain.joint_workflow import lane_machine
from commandcenter.domain.model import CaseRow
from ui.models.emergency_words import TEAM_TONES
from ui.models.joint_clock import JointClock
from ui.models.joint_words import JointWords
from ui.models.remaining import Remaining
from ui.models.wall_lines import about, case_about
from ui.models.words import NONE, CaseWords
from widgets.durations import LiveText, format_hms
from widgets.tones import Tone

Fact = tuple[str, str, Tone]
_DONE = frozenset({"arrived", "done", "signed"})


def case_head(row: CaseRow, words: CaseWords) -> tuple[str, str]:
    """小类, and below it 案件 002378 · 办理中."""
    return case_about(row, words.directory), f"案件 {words.number(row)} · {words.state(row)}"


def case_facts(row: CaseRow, words: CaseWords, remaining: Remaining, now: float) -> list[Fact]:
    """What may be read on a wall."""
    left = remaining.text(row, now)
    facts: list[Fact] = [
        ("大类", words.major(row), Tone.NORMAL),
        ("街道", words.street(row), Tone.NORMAL),
        ("社区网格", words.place(row), Tone.NORMAL),
        ("来源", words.channel(row), Tone.NORMAL),
        ("分级", words.grade(row), Tone.OVERDUE if row.urgent else Tone.NORMAL),
        ("承办单位", words.unit(row.handler_id) if row.handler_id is not None else NONE, Tone.NORMAL),
        ("采集", words.date_time(row.reported_at), Tone.NORMAL),
        ("本环节剩余", left.text, left.tone),
    ]
    if row.returns or row.reworks:
        facts.append(("退回 / 返工", f"{row.returns} / {row.reworks}", Tone.NEAR))
    if row.supervised or row.on_ledger:
        facts.append(("督办", "挂账督办", Tone.NEAR))
    return facts


def whistle_head(row: SummonsRow, words: JointWords) -> tuple[str, str, Tone]:
    """What it is about; 疑难哨 0003 · 天坛 · 处置中, in the level's tone."""
    level = words.level(row)
    return about(row, words), f"{level.text} {words.number(row)} · {words.where(row)} · {words.state(row)}", level.tone


def whistle_lanes(row: SummonsRow, words: JointWords, clock: JointClock, now: float) -> list[tuple[Fact, LiveText]]:
    """Each unit that was called: where it stands, and its countdown."""
    machine = lane_machine(row.kind)
    lanes = []
    for party in row.live_parties:
        missed = clock.missed(row, party)
        note = clock.left(missed, now) if missed else clock.lane_note(row, party, now)
        tone = Tone.OVERDUE if missed else Tone.OK if party.state in _DONE else Tone.ACTION
        lanes.append(((words.short(party), machine.state[party.state].label, tone), note))
    return lanes


def emergency_head(event: Emergency, summons: SummonsRow | None, words: JointWords,
                   now: float) -> tuple[str, str, Tone]:
    """What it is about; 应急 · 天坛 · 已持续 00:12:04."""
    case_words = words.words
    item = case_words.directory.items.get(event.item_id or 0)
    what = about(summons, words) if summons is not None else item.minor if item else "突发事件"
    since = format_hms(max(0.0, now - event.began_at))
    return what, f"应急 · {case_words.unit(event.street_id)} · 已持续 {since}", Tone.OVERDUE


def team_lines(teams: list[TeamAtWork], summons: SummonsRow | None, words: JointWords, clock: JointClock,
               now: float) -> list[tuple[Fact, LiveText]]:
    """Each team and how long it has been so; then the units of the whistle that it is about."""
    lines = [((words.unit(team.unit_id), TEAM_STATES[team.state], TEAM_TONES[team.state]),
              LiveText(format_hms(max(0.0, now - team.since)), Tone.MUTED)) for team in teams]  # fmt: skip
    return lines + (whistle_lanes(summons, words, clock, now) if summons is not None else [])
