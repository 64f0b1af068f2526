"""Cases that wander: any action by anybody, with time passing between, and what has been done so far."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

from commandcenter.domain.errors import DomainError
from commandcenter.domain.workflow import Action, load_workflow
from tests.support.clocks import STILL
from tests.support.hands import Hands
from tests.support.paths import Paths

GRIDS = ("G-A1-0", "G-A2-0", "G-B1-0")
UNITS = ("D-CG", "D-SW", "A", "A-CGK", "CG-1")
ITEMS = ("暴露垃圾",)
LOGINS = {"street_leader": ("leader", "leader_b"), "handler": ("cg", "sw", "street_a"), "channel": ()}
# Ways that chance alone goes too seldom; each step: login, action and what it needs beyond the usual.
STORIES = (
    "acceptor:accept acceptor:file dispatcher:dispatch cg:receive cg:sub_dispatch cg:receive cg:hand_back"
    " cg:request_extension supervisor:approve_extension cg:feedback verifier:verify followup:rework cg:feedback"
    " verifier:verify acceptor:reply followup:follow_up acceptor:close supervisor:reopen dispatcher:dispatch"
    " cg:return_case supervisor:rule cg:receive",
    "acceptor:accept acceptor:file dispatcher:dispatch dispatcher:undo_dispatch dispatcher:dispatch cg:receive"
    " cg:request_suspend supervisor:suspend supervisor:resume cg:request_suspend supervisor:refuse_request"
    " cg:request_extension cg:sub_dispatch cg:receive cg:feedback verifier:rework supervisor:force_close"
    " leader:clear_ledger",
)
ENDS = frozenset({"reject", "merge", "self_handle", "force_close", "close"})


class Wandering:
    """`go_on` does one more thing to some case; what leads nowhere new is done less often."""

    def __init__(self, hands: Hands, dice: random.Random) -> None:
        self.hands, self.dice = hands, dice
        self.paths = Paths(hands)
        self.cases: list[int] = []
        self.done: Counter[str] = Counter()
        self._whistled: dict[int, str] = {}
        self._told = [[self.report(GRIDS[0], citizen=True), *story.split()] for story in STORIES]

    def report(self, grid: str = "", citizen: bool | None = None) -> int:
        """A new case, of a citizen or not, with or without an item."""
        grid = grid or self.dice.choice(GRIDS)
        citizen = self.dice.random() < 0.5 if citizen is None else citizen
        place = {"lon": 116.0025 + 0.01 * ["A1", "A2", "B1", "B2"].index(grid[2:4]), "lat": 40.0025}
        item = {"item_id": self.hands.item(self.dice.choice(ITEMS))} if self.dice.random() < 0.5 else {}
        case = self.hands.report(citizen=citizen, **place, **item)
        self.cases.append(case)
        self.done["report"] += 1
        return case

    def _pass(self, seconds: float) -> None:
        """As `clocks.pass_time`, which also makes partitions: the days of a test have theirs."""
        self.hands.sql("update cc.clock set shown_base = cc.city_now() + make_interval(secs => %s),"
                       " real_base = clock_timestamp(), speed = %s", seconds, STILL)  # fmt: skip

    def _telling(self) -> list[list[Any]]:
        return [story for story in self._told if len(story) > 1]

    def _free(self) -> list[int]:
        return [case for case in self.cases if case not in [story[0] for story in self._told]]

    def go_on(self) -> None:
        """Let time pass, let the duty look, and do something if anybody may."""
        if (going := self._telling()) and self.dice.random() < 0.3:
            self._pass(60)
            self._tell(self.dice.choice(going))
            return
        self._pass(self.dice.choice((1, 30, 90) if going else (30, 600, 9_000)))
        if self.dice.random() < 0.2:
            self.hands.sql("select cc.run_duty()")
        if self.dice.random() < 0.06 or not self._free():
            self.report()
            return
        case = self.dice.choice(self._free()[-8:])
        actions = [a for a in load_workflow().actions if self.hands.state(case) in a.sources]
        for _ in range(6):
            action = self.dice.choices(actions, [self._weight(a) for a in actions])[0]
            if self._try(case, action):
                return

    def _tell(self, story: list[Any]) -> None:
        """The next step of a story; its case is nobody else's."""
        case, (login, code) = story[0], story.pop(1).split(":")
        action = load_workflow().action[code]
        args = {name: self._value(name, case) for name in action.required}
        if code in ("dispatch", "rule", "sub_dispatch"):
            args["unit_id"] = self.hands.org("CG-1" if code == "sub_dispatch" else "D-CG")
        if code == "accept":
            args["item_id"] = self.hands.item(ITEMS[0])
        if code == "feedback":
            self.hands.attach(login, case, "after")
        self.hands.act(login, case, code, **args)
        self.done[code] += 1

    def _weight(self, action: Action) -> float:
        return (0.15 if action.code in ENDS else 2.0) / (1 + self.done[action.code])

    def _try(self, case: int, action: Action) -> bool:
        people = [login for role in sorted(action.roles()) for login in LOGINS.get(role, (role,))]
        for login in self.dice.sample(people, len(people)):
            try:
                if action.code == "attach":
                    self.hands.attach(login, case, self.dice.choice(("before", "after", "scene")))
                else:
                    if action.code == "feedback":
                        self.hands.attach(login, case, "after")
                    self.hands.act(login, case, action.code, **self._args(case, action))
            except DomainError:
                continue
            self.done[action.code] += 1
            return True
        return False

    def _args(self, case: int, action: Action) -> dict[str, Any]:
        wanted = [*action.required, *(code for code in action.optional if self.dice.random() < 0.3)]
        return {code: self._value(code, case) for code in wanted}

    def _value(self, code: str, case: int) -> Any:
        if code == "unit_id":
            return self.hands.org(self.dice.choice(UNITS))
        if code == "item_id":
            return self.hands.item(self.dice.choice(ITEMS))
        if code == "grid_id":
            return self.hands.sql("select id from cc.grid where key = %s", self.dice.choice(GRIDS))
        if code == "master_id":
            return self.dice.choice(self._free())
        if code in ("until", "due"):
            return self.paths.until(self.dice.choice((1, 4)))
        if code == "document_no":
            if case not in self._whistled:
                self._whistled[case] = self.paths.whistled(case)
            return self._whistled[case]
        return {"minutes": self.dice.choice((60, 600)), "satisfied": "satisfied", "solved": "yes",
                "grade": self.dice.choice(("simple", "clear", "cross"))}.get(code, "理由充分的说明")  # fmt: skip
