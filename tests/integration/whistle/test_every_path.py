"""Stories that go where none has been: every action of a whistle, an order and their lanes, from most of its states."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import pytest

from commandcenter.domain.joint_workflow import load_machine
from tests.integration.whistle.lanes import GOOD, PLACE, Whistles
from tests.integration.whistle.test_no_party_lost import LEVELS, ONWARD, PARTY, UNITS, Story
from tests.integration.whistle.test_no_party_lost import _let_time_pass as let_time_pass
from tests.support.clocks import travel

pytestmark = pytest.mark.database

Step = tuple[str, str, str]  # machine, action, the state it was done from
MOST_STORIES, STEPS = 40, 60
ALSO = {"edit": ("title", "place"), "arrive": ("lon", "lat")}  # what the data leave open and the guards want
WORTH = {"close": 30.0, "tick": 30.0, "return_lane": 0.5}  # all have signed: that is rare enough
NOBODY = {"whistle": set[str](), "order": {"witness"}}  # the town has no clerk of the whole district
AHEAD = ("respond", "arrive", "finish", "sign_off")  # however often they were done, all of them lead to the end
ENDS = ("discard", "withdraw", "rule_close", "verify")  # done once they are left for what leads on
MINUTES = (0, 0, 0, 0, 20, 70, 300)


class Path(Story):
    """A story whose people do what has been done least, and fill in what fits."""

    def __init__(self, whistles: Whistles, kind: str, done: Counter[Step], dice: random.Random) -> None:
        super().__init__(whistles, kind)
        self.done, self.dice, self.refused = done, dice, Counter[Step]()

    def go_on(self) -> bool:
        """One more step; False: nobody may anything."""
        head, lanes = self.w.summons(self.number), {lane["no"]: lane for lane in self._lanes()}
        signed = all(lane["state"] == "signed" for lane in lanes.values() if lane["live"])
        ready = {"rule_close"} if not signed else {"close"} if not head["unticked"] else set()
        waits = {"close", "rule_close"} - ready
        listed = {(code, lane): people for code, lane, people in self.choices() if code not in waits}
        if not listed:
            return False
        keys = {one: self._key(*one, head, lanes) for one in listed}
        weights = [self._weight(one[0], keys[one]) for one in listed]
        code, lane = self.dice.choices(list(listed), weights)[0]
        outcome = self.try_one(None, self.dice.choice(listed[code, lane]), code, lane)  # type: ignore[arg-type]
        (self.done if outcome == "done" else self.refused)[keys[code, lane]] += 1
        return True

    def _weight(self, code: str, step: Step) -> float:
        if code in AHEAD and not any(one[1] == "close" for one in self.done):
            return 3.0
        tried = self.done[step] + 0.5 * self.refused[step]
        worth = 0.2 if code in ENDS and self.done[step] else WORTH.get(code, 6.0 if code in ONWARD else 1.0)
        return float((1 + tried) ** -2 * worth)

    def _key(self, code: str, lane: int | None, head: dict[str, Any], lanes: dict[int, dict[str, Any]]) -> Step:
        return (self.kind, code, head["state"]) if lane is None else ("party", code, lanes[lane]["state"])

    def _args(self, data: Any, code: str, lane: int | None) -> dict[str, Any]:
        action = (PARTY if lane else load_machine(self.kind)).action[code]
        row = self.w.party(self.number, lane) if lane else self.w.summons(self.number)
        fields = (*action.required, *ALSO.get(code, ()))
        args = {field: self._value(field, code, row) for field in fields}
        if code == "decide" and args["upheld"] == "yes":
            args |= {"efficiency": 100}
        return args

    def _value(self, field: str, code: str, row: dict[str, Any]) -> Any:
        if field == "unit_id":
            called = [self.w.party(self.number, no)["unit_id"] for no in self.w.lanes(self.number)]
            return self.dice.choice([unit for unit in map(self.w.unit, UNITS) if unit not in called] or called)
        if field == "level":
            return LEVELS[min(2, LEVELS.index(row["level"]) + 1)]
        if field == "upheld":
            return "yes" if row["rated_at"] and self.dice.random() < 0.5 else "no"
        if field == "meet_at":
            return self.w.ahead(minutes=self.dice.choice((10, 90, 400)))
        return {"satisfied": "satisfied", "check": 1, "kind": _fault(row), **PLACE, **GOOD}.get(field, "理由充分")


def _fault(row: dict[str, Any]) -> str:
    if row.get("arrival") == "absent":
        return "absent"
    return {"none": "no_response", "late": "late_response"}.get(row.get("response") or "", "no_action")


def _all_steps(kind: str) -> set[Step]:
    machines = ((kind, load_machine(kind)), ("party", PARTY))
    found = {(name, a.code, state) for name, machine in machines for a in machine.actions for state in a.sources}
    return {step for step in found if step[1] not in NOBODY[kind]}


def _missing(kind: str, done: Counter[Step]) -> list[Step]:
    """Empty when every action was done, and nearly all of them from each of their states."""
    wanted = _all_steps(kind)
    rest = wanted - set(done)
    enough = {step[:2] for step in wanted} == {step[:2] for step in done} and len(rest) < 0.2 * len(wanted)
    return [] if enough else sorted(rest)


@pytest.mark.parametrize("kind", ["whistle", "order"])
def test_every_step_is_taken_and_nothing_is_lost_on_the_way(kind: str, whistles: Whistles) -> None:
    done: Counter[Step] = Counter()
    dice = random.Random(kind)
    for _ in range(MOST_STORIES):
        if not _missing(kind, done):
            break
        travel(whistles, "2026-11-24 09:00")
        _tell(Path(whistles, kind, done, dice))
    assert not _missing(kind, done)


def _tell(story: Path) -> None:
    for _ in range(STEPS):
        let_time_pass(story, story.dice.choice(MINUTES))
        if not story.go_on():
            break
        story.check()
