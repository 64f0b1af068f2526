"""A lane as four stages: 响应 → 报到 → 处置 → 签字, planned against real, and the facts beside them."""

from __future__ import annotations

from collections.abc import Iterable

from commandcenter.domain.joint import (
    ARRIVAL_LABELS,
    ORDER,
    RATING_LABELS,
    RATINGS,
    Bulletin,
    Party,
    SummonsFile,
    SummonsRow,
)
from commandcenter.domain.joint_workflow import lane_machine, response_word
from ui.models.joint_clock import JointClock
from ui.models.joint_words import JointWords
from widgets.durations import format_hms
from widgets.stage_strip import Stage, StageState
from widgets.tones import Tone

_RULED = "（裁定）"
_MARKS = {"on_time": Tone.OK, "early": Tone.OK, "late": Tone.NEAR, "none": Tone.OVERDUE, "absent": Tone.OVERDUE}


def stages(row: SummonsRow, party: Party, clock: JointClock, words: JointWords, now: float) -> tuple[Stage, ...]:
    """The lane's four stages at a moment; nothing counts before the signature."""
    made = (_response(row, party, clock, words, now), _arrival(row, party, clock, words, now),
            _handling(row, party, clock, words, now), _signature(party, words, now))
    if party.live:
        return made
    return tuple(stage if stage.state in (StageState.DONE, StageState.MISSED) else _skipped(stage) for stage in made)


def _skipped(stage: Stage) -> Stage:
    return Stage(stage.title, StageState.SKIPPED)


def _response(row: SummonsRow, party: Party, clock: JointClock, words: JointWords, now: float) -> Stage:
    title = "确认" if row.kind == ORDER else "响应"
    limit = f"限 {words.when(party.confirm_due, now)}" if party.confirm_due else ""
    if party.responded_at is not None:
        mark = party.response or "on_time"
        text = f"{words.when(party.responded_at, now)} {response_word(row.kind, mark)}"
        return Stage(title, StageState.DONE, text, limit, _MARKS[mark])
    if party.response == "none":
        said = _missed(response_word(row.kind, "none"), party.confirm_due, now if _runs(row, party) else None)
        return Stage(title, StageState.MISSED, said, limit, Tone.OVERDUE)
    if party.response is not None:  # an objection corrected it
        return Stage(title, StageState.DONE, f"{response_word(row.kind, party.response)}{_RULED}", limit,
                     _MARKS[party.response])
    if party.state != "pending":  # came without having responded
        return Stage(title, StageState.SKIPPED, "", limit)
    return _running(row, party, title, limit, clock, now, begun=row.issued_at is not None)


def _arrival(row: SummonsRow, party: Party, clock: JointClock, words: JointWords, now: float) -> Stage:
    title = "集结" if row.kind == ORDER else "报到"
    plan = _window(party, words, now)
    if party.arrived_at is not None:
        mark = party.arrival or "on_time"
        text = f"{words.when(party.arrived_at, now)} {ARRIVAL_LABELS[mark]}"
        facts = " · ".join([text, *_arrival_facts(party)])
        return Stage(title, StageState.DONE, facts, plan, Tone.OVERDUE if party.disputed else _MARKS[mark])
    if party.arrival == "absent":
        said = _missed(ARRIVAL_LABELS["absent"], party.arrive_due, now if _runs(row, party) else None)
        return Stage(title, StageState.MISSED, said, plan, Tone.OVERDUE)
    if party.arrival is not None:
        return Stage(title, StageState.DONE, f"{ARRIVAL_LABELS[party.arrival]}{_RULED}", plan, _MARKS[party.arrival])
    return _running(row, party, title, plan, clock, now, begun=party.state == "responded" or party.response == "none")


def _arrival_facts(party: Party) -> Iterable[str]:
    if party.distance_m is not None:
        yield f"{party.distance_m:,} 米"  # from the assembly place
    if party.witnessed:
        yield "现场登记"
    if party.disputed:
        yield "⚠ 到场存疑"


def _window(party: Party, words: JointWords, now: float) -> str:
    """The window in which a sign-in counts as in time."""
    if party.arrive_due is None:
        return ""
    since = f"{words.when(party.arrive_from, now)}–" if party.arrive_from is not None else ""
    return f"{since}{words.when(party.arrive_due, now)}"


def _handling(row: SummonsRow, party: Party, clock: JointClock, words: JointWords, now: float) -> Stage:
    title = "执行" if row.kind == ORDER else "处置"
    plan = f"限 {words.when(party.handle_due, now)}" if party.handle_due else ""
    if party.done_at is not None:
        late = party.handle_due is not None and party.done_at > party.handle_due
        again = f" · 退回 {party.reworks} 次" if party.reworks else ""
        text = f"{words.when(party.done_at, now)} {'超时办结' if late else '办结'}{again}"
        return Stage(title, StageState.DONE, text, plan, Tone.NEAR if late else Tone.OK)
    if party.state != "arrived":
        return Stage(title, StageState.WAITING, "", plan)
    note = clock.lane_note(row, party, now)
    began = party.acted_at if party.acted_at is not None else party.arrived_at
    ran = f"{title}中 {format_hms(max(0.0, now - began))}" if began is not None else ""
    again = f"退回重办 {party.reworks} 次" if party.reworks else ""
    said = " · ".join(part for part in (again, note.text or ran) if part)
    return Stage(title, StageState.NOW, said, plan, note.tone if note.text else Tone.NORMAL)


def _signature(party: Party, words: JointWords, now: float) -> Stage:
    if party.signed_at is not None:
        return Stage("签字", StageState.DONE, f"{words.when(party.signed_at, now)} 已签字", "", Tone.OK)
    return Stage("签字", StageState.NOW if party.state == "done" else StageState.WAITING,
                 "等待签字" if party.state == "done" else "")


def _running(row: SummonsRow, party: Party, title: str, plan: str, clock: JointClock, now: float,
             begun: bool) -> Stage:
    if not begun or row.state not in ("issued", "responded", "acting"):
        return Stage(title, StageState.WAITING, "", plan)
    note = clock.lane_note(row, party, now)
    return Stage(title, StageState.NOW, note.text, plan, note.tone, clock.why(clock.lane_due(row, party), now))


def _runs(row: SummonsRow, party: Party) -> bool:
    """Whether the delay still grows: afterwards it stands as a mark."""
    return party.live and row.state in ("issued", "responded", "acting")


def _missed(word: str, due: float | None, now: float | None) -> str:
    return f"{word} +{format_hms(now - due)}" if due is not None and now is not None and now > due else word


# ------------------------------------------------------------ beside the stages
def lane_state(row: SummonsRow, party: Party) -> tuple[str, Tone]:
    """Where it stands, in a word."""
    machine = lane_machine(row.kind)
    if not party.live:
        return machine.state[party.state].label, Tone.MUTED
    if party.asked == "release":
        return machine.label("ask_release"), Tone.NEAR
    label = machine.state[party.state].label
    if party.response == "none" and party.state == "pending":
        return machine.label("missed_confirm"), Tone.OVERDUE
    if party.arrival == "absent" and party.arrived_at is None:
        return "未到", Tone.OVERDUE
    return label, Tone.OK if party.state == "signed" else Tone.MUTED


def heads(party: Party) -> str:
    """应到 2 人，实到 3 人."""
    parts = (f"应到 {party.heads:,} 人" if party.heads else "", f"实到 {party.came:,} 人" if party.came else "")
    return " ".join(part for part in parts if part)


def counted_words(people: int | None, goods: int | None, documents: int = 0) -> str:
    """涉及 2 人 · 物品 3 件 · 文书 1 份."""
    return " · ".join(part for part in (
        f"涉及 {people:,} 人" if people is not None else "", f"物品 {goods:,} 件" if goods is not None else "",
        f"文书 {documents:,} 份" if documents else "") if part)


def facts(file: SummonsFile, party: Party, words: JointWords) -> list[tuple[str, str, Tone]]:
    """What is written about a lane: (label, text, tone)."""
    said, row = file.words.get(party.no), file.row
    counted = counted_words(party.people, party.goods)
    found = [
        ("替换为", words.full(_unit_of(row, party.replaced_by)) if party.replaced_by else "", Tone.MUTED),
        (lane_machine(row.kind).label("ask_release"), said.asked_reason if said and party.asked else "", Tone.NEAR),
        ("处置结果", said.result if said else "", Tone.NORMAL),
        ("文书编号", said.documents if said else "", Tone.NORMAL),
        ("清点", counted, Tone.NORMAL),
        ("评价", rating_words(party), Tone.NORMAL),
        ("评价理由", said.rating_reason if said else "", Tone.NEAR),
    ]
    found += [("申诉", _objection_words(o, words), Tone.NEAR if o.upheld is None else Tone.MUTED)
              for o in file.objections if o.party_no == party.no]
    found += [("通报", f"{b.no} {b.words}{revoked_words(b, words)}", Tone.MUTED if b.revoked_at else Tone.OVERDUE)
              for b in file.bulletins if b.party_no == party.no]
    return [(label, text, tone) for label, text, tone in found if text]


def revoked_words(bulletin: Bulletin, words: JointWords) -> str:
    """（06-18 15:30 已撤销）; empty while it stands."""
    at = bulletin.revoked_at
    return f"（{words.words.date_time(at)} 已撤销）" if at is not None else ""


def rating_words(party: Party) -> str:
    """响应度 100 · 效率 90 · … · 综合 95.0."""
    given = [(RATING_LABELS[name], getattr(party, name)) for name in RATINGS]
    parts = [f"响应度 {party.response_score}"] if party.response_score is not None else []
    parts += [f"{label} {value}" for label, value in given if value is not None]
    if party.score is not None:
        parts.append(f"综合 {party.score:.1f}")
    return " · ".join(parts)


def _objection_words(objection: object, words: JointWords) -> str:
    reason, decision, upheld = objection.reason, objection.decision, objection.upheld
    if upheld is None:
        return f"{reason}（待裁定）"
    return f"{reason} → {'成立' if upheld else '维持原评价'}：{decision}"


def _unit_of(row: SummonsRow, no: int | None) -> int | None:
    party = row.party(no) if no else None
    return party.unit_id if party else None
