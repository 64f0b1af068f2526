"""What the units do next: take a case, send it back, pass it on, ask for time, handle it; and who decides on that."""

from __future__ import annotations

from datetime import timedelta

from commandcenter.domain.model import CaseRow
from commandcenter.simulation.choices import fitting_units, right_unit, unit_below
from commandcenter.simulation.facts import Facts
from commandcenter.simulation.life import Act, Life, Move, Photo, Step
from commandcenter.simulation.staff import rotated
from commandcenter.simulation.timing import OFF_HOURS_SLOWER

_SENT_BACK_BY_PERSON = 0.6  # share of what a person sent to a unit that has nothing to do with it
_MARGIN_S = 300.0  # agents keep away from limits by this much


def _say(facts: Facts, life: Life, what: str) -> str:
    row = life.known
    item = facts.item(row.item_id)
    return facts.phrases.say(
        life.rng,
        what,
        item=item.name if item else "该问题",
        unit=facts.unit_name(row.handler_id),
        right=facts.unit_name(right_unit(facts, row, life.fate)),
    )


def _clerks(facts: Facts, life: Life, unit_id: int | None) -> tuple[str, ...]:
    return rotated(facts.staff.handlers(unit_id), life.fate.turn)


def _supervisors(facts: Facts, life: Life) -> tuple[str, ...]:
    return facts.staff.centre("supervisor", life.known.street_id, life.fate.turn)


def _at_share(life: Life, now: float, share: float) -> float:
    assert life.finish_at is not None
    return now + max(60.0, (life.finish_at - now) * share)


# ------------------------------------------------------------------ 接收, 回退
def dispatched(facts: Facts, life: Life, now: float) -> Move:
    """待接收: taken, sent back when it is not theirs, or taken back by the dispatcher who erred."""
    row = life.known
    clerks = _clerks(facts, life, row.handler_id)
    if not clerks:
        reason = {"reason": "该单位没有在岗处置员，改派。", "legal_basis": "值班制度"}
        return Move(now + 1800, "supervisor", _supervisors(facts, life), (Act("return_case", reason),))
    if (undoing := _undoing(facts, life, now)) is not None:
        return undoing
    if _not_theirs(facts, life) and (returning := _returning(facts, life, now)) is not None:
        return returning
    at = facts.timing.done_at(life.rng, now, row.item_id, "receive", facts.pace("receive"))
    return Move(at, "handler", clerks, (Act("receive"),))


def _undoing(facts: Facts, life: Life, now: float) -> Move | None:
    if not life.fate.undone or "wrong" not in life.marks or "undone" in life.marks or not life.last_dispatcher:
        return None
    undo = Act("undo_dispatch", {"note": _say(facts, life, "undo")})
    return Move(now + life.rng.uniform(10, 90), "dispatcher", (life.last_dispatcher,), (undo,), "undone")


def _not_theirs(facts: Facts, life: Life) -> bool:
    row = life.known
    if row.ruled or row.handler_id != row.unit_id or "returned" in life.marks or row.unit_id is None:
        return False
    if life.fate.wrong_unit and "wrong" in life.marks:
        return row.unit_id not in fitting_units(facts, row)
    by_person = not life.last_dispatcher
    return by_person and row.returns == 0 and row.unit_id not in fitting_units(facts, row) and (
        life.rng.random() < _SENT_BACK_BY_PERSON
    )


def _returning(facts: Facts, life: Life, now: float) -> Move | None:
    row = life.known
    item = facts.item(row.item_id)
    window = (item.return_window_minutes if item else 120) * 60
    clock = facts.timing.limit(row.item_id, "receive")[1]
    ends = facts.timing.after(row.dispatched_at or now, clock, window)
    taken = life.rng.uniform(0.1, 0.6) * window
    at = min(facts.timing.after(now, clock, taken), now + taken * OFF_HOURS_SLOWER)
    if at > ends - window * 0.2:
        return None
    args = {"reason": _say(facts, life, "return_reason"), "legal_basis": _say(facts, life, "legal_basis")}
    clerks = _clerks(facts, life, row.unit_id)
    return Move(at, "handler", clerks, (Act("return_case", args),), "returned", expires=ends - 30)


# ------------------------------------------------------------------ 办理
def in_progress(facts: Facts, life: Life, now: float) -> Move:
    """办理中: decisions that are waited for, interludes of the case's fate, then the feedback."""
    if life.known.asked:
        return _decision(facts, life, now)
    if life.finish_at is None:
        life.finish_at = _finish(facts, life, now)
    for interlude in (_sub_dispatching, _handing_back, _instruction, _request, _supervision, _forcing):
        if (move := interlude(facts, life, now)) is not None:
            return move
    return _feedback(facts, life, now)


def _finish(facts: Facts, life: Life, now: float) -> float:
    row = life.known
    slow = _is_slow(facts, row.handler_id)
    at = facts.timing.done_at(
        life.rng, now, row.item_id, "handle", facts.pace("slow_handle" if slow else "handle")
    )
    return now + (at - now) * (0.5 if row.reworks else 1.0)


def _is_slow(facts: Facts, unit_id: int | None) -> bool:
    """Some units are slow as a habit: always the same ones under one seed."""
    mixed = (unit_id or 0) * 2_654_435_761 + facts.seed * 40_503
    return (mixed >> 7) % 1000 < facts.data.fates["slow_unit"] * 1000


def _sub_dispatching(facts: Facts, life: Life, now: float) -> Move | None:
    row = life.known
    if not life.fate.sub_dispatch or "sub" in life.marks or row.handler_id != row.unit_id:
        return None
    below = unit_below(facts, life.rng, row)
    if below is None:
        return None
    act = Act("sub_dispatch", {"unit_id": below, "note": _say(facts, life, "sub_note")})
    at = _at_share(life, now, life.rng.uniform(0.03, 0.15))
    return Move(at, "handler", _clerks(facts, life, row.handler_id), (act,), "sub")


def _handing_back(facts: Facts, life: Life, now: float) -> Move | None:
    row = life.known
    if not life.fate.hand_back or "back" in life.marks or row.handler_id == row.unit_id:
        return None
    act = Act("hand_back", {"reason": _say(facts, life, "hand_back")})
    return Move(_at_share(life, now, 0.2), "handler", _clerks(facts, life, row.handler_id), (act,), "back")


def _instruction(facts: Facts, life: Life, now: float) -> Move | None:
    leaders = facts.staff.street("street_leader", life.known.street_id)
    if not life.fate.instructed or "instructed" in life.marks or not leaders:
        return None
    leader = life.rng.choice(facts.data.words["say"]["leaders"])
    args = {"leader": leader, "text": _say(facts, life, "instruct"), "unit_id": life.known.unit_id}
    return Move(_at_share(life, now, 0.15), "street_leader", leaders, (Act("instruct", args),), "instructed")


def _supervision(facts: Facts, life: Life, now: float) -> Move | None:
    if not life.fate.supervised or "supervised" in life.marks or life.known.supervised:
        return None
    leader = life.rng.choice(facts.data.words["say"]["leaders"])
    act = Act("supervise", {"leader": leader, "reason": _say(facts, life, "supervise")})
    return Move(_at_share(life, now, 0.4), "supervisor", _supervisors(facts, life), (act,), "supervised")


def _forcing(facts: Facts, life: Life, now: float) -> Move | None:
    if not life.fate.forced or "forced" in life.marks:
        return None
    act = Act("force_close", {"reason": _say(facts, life, "force_close")})
    return Move(_at_share(life, now, 0.9), "supervisor", _supervisors(facts, life), (act,), "forced")


# ------------------------------------------------------------------ 挂起, 延期
def _request(facts: Facts, life: Life, now: float) -> Move | None:
    row = life.known
    if not (life.fate.suspend or life.fate.extend) or "asked" in life.marks or row.deadline is None:
        return None
    at = facts.timing.done_at(life.rng, now, row.item_id, "handle", (0.35, 0.2))
    if at > row.deadline - _MARGIN_S:
        return None
    act = _suspension(facts, life, at) if life.fate.suspend else _extension(facts, life)
    clerks = _clerks(facts, life, row.handler_id)
    return Move(at, "handler", clerks, (act,), "asked", expires=row.deadline - _MARGIN_S / 2)


def _suspension(facts: Facts, life: Life, at: float) -> Act:
    until = facts.timing.local(at) + timedelta(days=life.rng.randint(1, 6), hours=life.rng.randint(0, 8))
    life.until = until
    return Act("request_suspend", {"until": until, "reason": _say(facts, life, "suspend")})


def _extension(facts: Facts, life: Life) -> Act:
    seconds, _ = facts.timing.limit(life.known.item_id, "handle")
    minutes = min(43_000, max(30, round(seconds * life.rng.choice((0.25, 0.5, 1.0)) / 60)))
    return Act("request_extension", {"minutes": minutes, "reason": _say(facts, life, "extend")})


def _decision(facts: Facts, life: Life, now: float) -> Move:
    at, people = now + life.rng.uniform(180, 2400), _supervisors(facts, life)
    if not life.fate.granted:
        steps: tuple[Step, ...] = (Act("refuse_request", {"reason": _say(facts, life, "refuse")}),)
    elif life.known.asked == "extension":
        steps = (Act("approve_extension", {"note": _say(facts, life, "extension_note")}),)
    else:
        until = life.until or facts.timing.local(at) + timedelta(days=2)
        life.until = max(until, facts.timing.local(at) + timedelta(hours=1))
        steps = (Act("suspend", {"until": life.until, "reason": _say(facts, life, "suspend_granted")}),)
    return Move(at, "supervisor", people, steps)


def suspended(facts: Facts, life: Life, now: float) -> Move:
    """挂起: the clock stands still until its end, when the duty resumes it; else the unit does."""
    resume = life.known.resume_at or now + 3600
    clerks = _clerks(facts, life, life.known.handler_id)
    life.finish_at = None
    return Move(max(now, resume) + 900, "handler", clerks, (Act("resume"),), look_first=True)


# ------------------------------------------------------------------ 反馈
def _feedback(facts: Facts, life: Life, now: float) -> Move:
    assert life.finish_at is not None
    row, item = life.known, facts.item(life.known.item_id)
    words = _result(facts, life, row)
    steps: tuple[Step, ...] = (Act("feedback", {"result": words}),)
    if item is None or item.photo_required or life.rng.random() < 0.25:
        steps = (Photo("after"), *steps)
    at = max(life.finish_at, now + 240)
    return Move(at, "handler", _clerks(facts, life, row.handler_id), steps)


def _result(facts: Facts, life: Life, row: CaseRow) -> str:
    late = row.deadline is not None and life.finish_at is not None and life.finish_at > row.deadline
    if late and life.rng.random() < 0.5:
        return _say(facts, life, "slow")
    return facts.phrases.done(life.rng, facts.item(row.item_id), facts.subjects.topic(row.item_id))
