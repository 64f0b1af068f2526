"""What may be done on a whistle or order and its lanes, in the order of use; and what waits for this person."""

from __future__ import annotations

from dataclasses import dataclass

from commandcenter.domain.joint import Party, SummonsRow
from commandcenter.domain.joint_offers import lane_offers, summons_offers, untold_faults
from commandcenter.domain.joint_workflow import Machine, lane_machine, load_machine
from commandcenter.domain.model import Directory, Person
from commandcenter.domain.workflow import Action

_ON_WHOLE = ("sign", "close", "verify", "follow_up")
_ON_LANE = ("decide", "respond", "arrive", "finish", "sign_off", "release", "rate")  # archived, nobody rules any more
_NEXT_ON_WHOLE = {"draft": ("sign",), "acting": ("close",), "rating": ("follow_up",),
                  "verifying": ("verify", "follow_up"), "archived": ("follow_up",)}
_NEXT_ON_LANE = {"pending": ("respond",), "responded": ("arrive",), "arrived": ("finish",), "done": ("sign_off",)}
_DAY_S = 86_400.0  # who came and did nothing so long is idle, unless a limit was set
_PLAIN_EXTRAS = frozenset({"note"})


@dataclass(frozen=True, slots=True)
class Step:
    """An action on the whole (party_no None) or on a lane."""

    action: Action
    party_no: int | None = None

    @property
    def machine(self) -> str | None:
        """party for a lane's; None: the summons' own kind."""
        return "party" if self.party_no is not None else None


def machine_of(row: SummonsRow, party_no: int | None) -> Machine:
    """The workflow in which an action stands."""
    return lane_machine(row.kind) if party_no is not None else load_machine(row.kind)


def steps(row: SummonsRow, person: Person, directory: Directory, now: float | None = None) -> list[Step]:
    """Everything offered: next steps first, then the whole's, then the lanes'. now: Unix seconds of the city."""
    whole = [Step(action) for action in summons_offers(row, person, directory)]
    lanes = [Step(action, party.no) for party in row.parties for action in lane_offers(row, party, person, directory)
             if action.code != "publish" or faults_of(row, party, now)]
    return sorted([*whole, *lanes], key=_rank)


def steps_of(found: list[Step], party_no: int | None) -> list[Step]:
    """Those of the whole, or of one lane."""
    return [step for step in found if step.party_no == party_no]


def waiting(row: SummonsRow, person: Person, directory: Directory) -> list[Step]:
    """Next steps that wait for this person: what `steps` offers of them, without looking at every side action."""
    found: list[Step] = []
    if codes := _candidates(row.kind, _NEXT_ON_WHOLE.get(row.state, ()), person):
        found += [Step(a) for a in summons_offers(row, person, directory) if a.code in codes]
    for party in row.parties:
        if codes := _candidates("party", _next_on_lane(row, party), person):
            found += [Step(a, party.no) for a in lane_offers(row, party, person, directory) if a.code in codes]
    return sorted(found, key=_rank)


def _next_on_lane(row: SummonsRow, party: Party) -> tuple[str, ...]:
    """Codes that the row's own facts do not rule out."""
    codes = ("release",) if party.asked == "release" else ()
    codes += ("decide",) if party.objection == "open" else ()
    if not party.live:
        return codes
    if row.state == "rating":
        return (*codes, "rate") if party.rated_at is None else codes
    late = ("arrive",) if party.state == "pending" and party.response is not None else ()
    return (*codes, *_NEXT_ON_LANE.get(party.state, ()), *late)


def _candidates(machine: str, codes: tuple[str, ...], person: Person) -> set[str]:
    """Those that any role of the person may do at all."""
    actions, roles = load_machine(machine).action, person.roles()
    return {code for code in codes if code in actions and actions[code].roles() & roles}


def is_main(step: Step, row: SummonsRow) -> bool:
    """Whether it is the next step and not a side action."""
    code = step.action.code
    if step.party_no is None:
        return code in _ON_WHOLE
    party = row.party(step.party_no)
    if code == "arrive" and party is not None and party.state == "pending" and party.response is None:
        return False  # first comes the answer; who comes without one may still be signed in
    return code in _ON_LANE


def own_lane(row: SummonsRow, found: list[Step]) -> int | None:
    """The lane in which the person goes on; None where the whole waits for him."""
    first = next((step for step in found if is_main(step, row)), None)
    if first is None:
        first = next((step for step in found if step.party_no is not None), None)
    return first.party_no if first is not None else None


def is_plain(action: Action) -> bool:
    """Whether it needs no words, no evidence and no second thought."""
    needs_photo = any(guard.endswith("photo") for guard in action.guards)
    return not action.required and set(action.optional) <= _PLAIN_EXTRAS and not action.danger and not needs_photo \
        and action.code != "attach"


def may(row: SummonsRow, party: Party | None, code: str, person: Person, directory: Directory) -> bool:
    """Whether one action is offered now."""
    found = summons_offers(row, person, directory) if party is None else lane_offers(row, party, person, directory)
    return any(action.code == code for action in found)


def faults_of(row: SummonsRow, party: Party, now: float | None = None) -> list[str]:
    """What may be published of a lane (cc.fault_is_true); without a time nobody is idle before the end."""
    told = (("no_response", party.response == "none"), ("late_response", party.response == "late"),
            ("absent", party.arrival == "absent"), ("no_action", _idle(row, party, now)))
    return [kind for kind, holds in told if holds and kind in untold_faults(party)]


def _idle(row: SummonsRow, party: Party, now: float | None) -> bool:
    if party.arrived_at is None or party.acted_at is not None or party.done_at is not None:
        return False
    limit = party.handle_due if party.handle_due is not None else party.arrived_at + _DAY_S
    return row.closed_at is not None or (now is not None and now > limit)


def _rank(step: Step) -> tuple[int, int, bool]:
    order = _ON_WHOLE if step.party_no is None else _ON_LANE
    code = step.action.code
    main = order.index(code) if code in order else len(_ON_LANE)
    return main, step.party_no or 0, step.action.danger
