"""What the people of the center do next: finders, acceptors, dispatchers, verifiers, follow-up clerks, leaders."""

from __future__ import annotations

from commandcenter.simulation.choices import right_unit, wrong_unit
from commandcenter.simulation.facts import Facts
from commandcenter.simulation.life import Act, Life, Move, Photo, Report, Step
from commandcenter.simulation.staff import rotated

_CHANNEL_BY_HAND = frozenset({"leader", "transfer", "center_app", "media", "letter", "conduct", "whistle"})
_SMALL_CIRCLE = ("street", "community", "agency")
_ON_ITS_WAY = frozenset({"accepted", "filed", "dispatched", "in_progress", "returned"})
_DAY_S = 86_400.0


def reporting(facts: Facts, life: Life, at: float) -> Move:
    """The problem is reported by a grid worker, through a channel, or written down by an acceptor."""
    draft = life.draft
    assert draft is not None
    steps: tuple[Step, ...] = (Report(),)
    if draft.photographed and not life.fate.self_handled:
        steps = (Report(), Photo("scene"))
    role, logins = _reporters(facts, life)
    return Move(at, role, logins, steps)


def _reporters(facts: Facts, life: Life) -> tuple[str, tuple[str, ...]]:
    draft = life.draft
    assert draft is not None
    street, turn = draft.place.street_id, draft.channel.id + life.fate.turn
    role, found = "channel", facts.staff.centre("channel", street, turn)
    if draft.channel.code == "patrol":
        role, found = "grid_worker", rotated(facts.staff.street("grid_worker", street), turn)
    if draft.channel.code in _CHANNEL_BY_HAND or not found:
        role, found = "acceptor", facts.staff.centre("acceptor", street, turn)
    return role, found


def _team(facts: Facts, life: Life, role: str) -> tuple[str, ...]:
    street = life.draft.place.street_id if life.draft is not None else life.known.street_id
    return facts.staff.centre(role, street, life.fate.turn)


def _soon(facts: Facts, life: Life, now: float, stage: str) -> float:
    return facts.timing.done_at(life.rng, now, life.known.item_id, stage, facts.pace(stage))


def _move(facts: Facts, life: Life, at: float, role: str, *steps: Step, mark: str = "") -> Move:
    return Move(at, role, _team(facts, life, role), steps, mark)


# ------------------------------------------------------------------ 受理 and 立案
def reported(facts: Facts, life: Life, now: float) -> Move:
    """待受理: fixed on the spot, refused, merged or accepted."""
    finders = facts.staff.street("grid_worker", life.known.street_id)
    if life.fate.self_handled and finders and life.known.item_id is not None:
        steps = (Photo("before"), Photo("after"), Act("self_handle", {"result": _say(facts, life, "self_result")}))
        return Move(now + life.rng.uniform(60, 240), "grid_worker", _finder_first(facts, life, finders), steps)
    at = _soon(facts, life, now, "accept")
    if life.fate.rejected:
        return _move(facts, life, at, "acceptor", Act("reject", {"reason": _reason_to_reject(facts, life)}))
    if (merging := _merging(facts, life, at)) is not None:
        return merging
    return _move(facts, life, at, "acceptor", Act("accept", _classified(facts, life)))


def _finder_first(facts: Facts, life: Life, finders: tuple[str, ...]) -> tuple[str, ...]:
    return _reporters(facts, life)[1] if life.draft is not None else finders


def _say(facts: Facts, life: Life, what: str) -> str:
    row = life.known
    item = facts.item(row.item_id)
    right = right_unit(facts, row, life.fate)
    return facts.phrases.say(
        life.rng,
        what,
        item=item.name if item else "该问题",
        unit=facts.unit_name(row.unit_id or right),
        right=facts.unit_name(right),
    )


def _reason_to_reject(facts: Facts, life: Life) -> str:
    item = facts.item(life.known.item_id or (life.draft.item_id if life.draft else None))
    condition = item.filing_condition.rstrip("。") if item else "情况不清"
    return facts.phrases.say(life.rng, "reject", condition=condition)


def _merging(facts: Facts, life: Life, at: float) -> Move | None:
    master = life.master
    if master is None or master.row is None or "merge" in life.marks or not _takes_others(master):
        return None
    steps = [Act("merge", {"master_id": master.row.id, "note": _say(facts, life, "merge")})]
    if life.known.citizen:
        steps.append(Act("reply", {"text": _say(facts, life, "merged_reply")}))
    people = _team(facts, life, "acceptor")
    return Move(at, "acceptor", people, tuple(steps), "merge", ready=lambda: _takes_others(master))


def _takes_others(master: Life) -> bool:
    """A case that is on its way and not about to be closed."""
    return master.row is not None and master.row.state in _ON_ITS_WAY and not master.fate.forced


def _classified(facts: Facts, life: Life) -> dict[str, int]:
    """小类 and 网格, as far as they are missing: the acceptor knows the draft's, or reads the summary."""
    row, args = life.known, {}
    if row.item_id is None:
        guessed = life.draft.item_id if life.draft else facts.subjects.guess(life.rng, row.summary).id
        args["item_id"] = guessed
    if row.grid_id is None:
        place = life.draft.place if life.draft else facts.places.draw(life.rng)
        args["grid_id"] = place.grid_id
    return args


def accepted(facts: Facts, life: Life, now: float) -> Move:
    """待立案."""
    return _move(facts, life, _soon(facts, life, now, "file"), "acceptor", Act("file", _classified(facts, life)))


# ------------------------------------------------------------------ 派遣
def filed(facts: Facts, life: Life, now: float) -> Move:
    """待派遣: to the right unit, or to a wrong one."""
    unit = right_unit(facts, life.known, life.fate)
    mark = ""
    if (life.fate.wrong_unit or life.fate.undone) and "wrong" not in life.marks:
        mark = "wrong"
        unit = wrong_unit(facts, life.rng, life.known) or unit
    return _dispatching(facts, life, now, unit, mark)


def _dispatching(facts: Facts, life: Life, now: float, unit: int | None, mark: str = "") -> Move:
    at = _soon(facts, life, now, "dispatch")
    people = _dispatchers(facts, life, unit)
    rival = people[1] if life.fate.rival and len(people) > 1 and not mark else ""
    return Move(at, "dispatcher", people, (Act("dispatch", {"unit_id": unit}),), mark, rival=rival)


def _dispatchers(facts: Facts, life: Life, unit: int | None) -> tuple[str, ...]:
    """Street dispatchers send small things inside their street (小循环), only the city's send to the city's units."""
    org, row = facts.directory.orgs.get(unit or 0), life.known
    of_city = org is not None and org.district_id == facts.units.top
    everybody = rotated(facts.staff.city("dispatcher"), life.fate.turn)
    district = everybody if of_city else _team(facts, life, "dispatcher")
    inside = org is not None and org.kind in _SMALL_CIRCLE and not row.citizen
    return (facts.staff.street("dispatcher", row.street_id) if inside else ()) + district


def returned(facts: Facts, life: Life, now: float) -> Move:
    """回退待判: dispatched again, or ruled (疑难定责) when it has gone back and forth."""
    right = right_unit(facts, life.known, life.fate)
    if life.fate.ruling or life.known.returns > 1:
        args = {"unit_id": right, "reason": _say(facts, life, "ruling")}
        return _move(facts, life, _soon(facts, life, now, "dispatch"), "supervisor", Act("rule", args))
    return _dispatching(facts, life, now, right)


# ------------------------------------------------------------------ 核查, 回访 and 结案
def feedback(facts: Facts, life: Life, now: float) -> Move:
    """待核查: passed, or back to the unit (返工)."""
    at = _soon(facts, life, now, "verify")
    if life.known.reworks < life.fate.reworks:
        return _move(facts, life, at, "verifier", Act("rework", {"reason": _say(facts, life, "rework")}))
    return _move(facts, life, at, "verifier", Act("verify", {"note": _say(facts, life, "verified")}))


def verified(facts: Facts, life: Life, now: float) -> Move:
    """待结案: a citizen is answered and asked first; supervision is lifted; then it is closed."""
    at = _soon(facts, life, now, "close")
    if life.citizen and not (life.known.answered and life.known.followed_up):
        return _answering(facts, life, at)
    if "dissatisfied" in life.marks and "redone" not in life.marks:
        redo = Act("rework", {"reason": _say(facts, life, "citizen_rework")})
        return _move(facts, life, at, "followup", redo, mark="redone")
    if life.known.supervised:
        return _move(facts, life, at, "supervisor", Act("lift_supervision", {"reason": _say(facts, life, "lift")}))
    return _move(facts, life, at, "acceptor", Act("close", {"note": _say(facts, life, "close")}))


def _answering(facts: Facts, life: Life, at: float) -> Move:
    if not life.known.answered:
        return _move(facts, life, at, "followup", Act("reply", {"text": _say(facts, life, "reply")}))
    if life.fate.dissatisfied and "dissatisfied" not in life.marks:
        note = _say(facts, life, "dissatisfied")
        no = Act("follow_up", {"satisfied": "dissatisfied", "solved": "no", "note": note})
        return _move(facts, life, at, "followup", no, mark="dissatisfied")
    how = "basically" if life.rng.random() < 0.22 else "satisfied"
    yes = Act("follow_up", {"satisfied": how, "solved": "yes", "note": _say(facts, life, "follow_up")})
    return _move(facts, life, at, "followup", yes)


def refused(facts: Facts, life: Life, now: float) -> Move | None:
    """不予受理: the citizen is told why."""
    if not life.known.citizen or life.known.answered:
        return None
    at = now + life.rng.uniform(300, 3600)
    return _move(facts, life, at, "acceptor", Act("reply", {"text": _say(facts, life, "reject_reply")}))


def closed(facts: Facts, life: Life, now: float) -> Move | None:
    """已结案: rarely the problem comes back and the case is filed again."""
    if not life.fate.reopened or "reopened" in life.marks:
        return None
    days = min(9.0, facts.directory.reopen_days * 0.6)
    at = now + life.rng.uniform(0.2, max(0.3, days)) * _DAY_S
    role = "followup" if life.known.citizen else "acceptor"
    again = Act("reopen", {"reason": _say(facts, life, "reopen")})
    return _move(facts, life, at, role, again, mark="reopened")


def force_closed(facts: Facts, life: Life, now: float) -> Move | None:
    """强制结案: the street clears it from the ledger (销账) days after a whistle for it is over, if it manages."""
    leaders = facts.staff.street("street_leader", life.known.street_id)
    number = facts.whistles_over.get(life.known.id)
    if not (number and life.fate.cleared and life.known.on_ledger and leaders):
        return None
    at = now + life.rng.uniform(1, 5) * _DAY_S
    args = {"document_no": number, "result": _say(facts, life, "clear_ledger")}
    return Move(at, "street_leader", leaders, (Act("clear_ledger", args),))
