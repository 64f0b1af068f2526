"""A town that lives by dice: cases come and go on in every way that the workflow knows, between steps the clock."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

from commandcenter.domain.errors import DomainError
from tests.support.clocks import travel
from tests.support.hands import Hands

Step = tuple[str, str, dict[str, Any]]


class Life:
    """Steps of random cases; the same seed lives the same life."""

    def __init__(self, hands: Hands, seed: int, begins: datetime) -> None:
        self.hands, self.dice, self.now = hands, random.Random(seed), begins
        self.cases: list[int] = []
        self.done = 0
        self._item = hands.item("暴露垃圾")
        self._units = {hands.org("D-CG"): "cg", hands.org("D-SW"): "sw"}
        travel(hands, begins)

    def go(self, until: datetime, steps: int) -> None:
        """So many steps, evenly strewn until then."""
        for moment in sorted(self.dice.random() for _ in range(steps)):
            self.at(self.now + (until - self.now) * moment if moment else self.now)
        self.at(until, acts=False)

    def at(self, moment: datetime, acts: bool = True) -> None:
        """Let the clock go on to the moment, never back, and do a step there."""
        self.now = travel(self.hands, max(self.now + timedelta(milliseconds=7), moment))
        if acts:
            self.step()

    def step(self) -> None:
        """A new case, or another step of one that is there."""
        if not self.cases or self.dice.random() < 0.3:
            self.cases.append(self._report())
            self.done += 1
            return
        case = self.dice.choice(self.cases)
        row = self.hands.row(case)
        ways = self._ways(row)
        if not ways:
            self.cases.remove(case)
            return
        who, action, args = self.dice.choice(ways)
        try:
            self.hands.act(who, case, action, **args)
            self.done += 1
        except DomainError:  # a guard: not his, too late, not yet
            return

    # ------------------------------------------------------------ inside
    def _report(self) -> int:
        citizen = self.dice.random() < 0.5
        where = {} if self.dice.random() < 0.9 else {"lon": None, "lat": None, "address": "某处"}
        place = {"lon": 116.0025 + 0.01 * self.dice.randrange(4), "lat": 40.0025}
        facts = {k: v for k, v in (place | where).items() if v is not None}
        return self.hands.report(citizen=citizen, **facts)

    def _ways(self, row: dict[str, Any]) -> list[Step]:
        unit = self.dice.choice(list(self._units))
        clerk = self._units.get(row["handler_id"], "cg")
        grid = self.hands.sql("select id from cc.grid where key = %s", self.dice.choice(["G-A2-1", "G-B1-2"]))
        done: dict[str, list[Step]] = {
            "reported": [
                ("acceptor", "accept", {"item_id": self._item, "grid_id": grid}),
                ("acceptor", "accept", {"item_id": self._item}), ("acceptor", "reject", {"reason": "不在职责范围"}),
                ("acceptor", "classify", {"grid_id": grid}),
            ],
            "accepted": [("acceptor", "file", {}), ("acceptor", "file", {"grid_id": grid})] * 2,
            "filed": [("dispatcher", "dispatch", {"unit_id": unit})] * 4
            + [("supervisor", "force_close", {"reason": "长期无法解决"})],
            "dispatched": [(clerk, "receive", {})] * 3 + [
                ("dispatcher", "undo_dispatch", {}),
                (clerk, "return_case", {"reason": "不属于本单位", "legal_basis": "三定方案"}),
            ],
            "returned": [("supervisor", "rule", {"unit_id": unit, "reason": "按权责清单"})],
            "in_progress": [(clerk, "feedback", {"result": "已清理"})] * 3 + [(clerk, "note", {"text": "在路上"})],
            "feedback": [("verifier", "verify", {})] * 3 + [("verifier", "rework", {"reason": "没有清理干净"})],
            "verified": self._closing(row),
            "closed": [("supervisor", "reopen", {"reason": "又出现了"})],
        }  # fmt: skip
        return done.get(row["state"], [])

    def _closing(self, row: dict[str, Any]) -> list[Step]:
        if row["citizen"] and not row["answered"]:
            return [("acceptor", "reply", {"text": "已处理，谢谢"})]
        if row["citizen"] and not row["followed_up"]:
            word = self.dice.choice(["satisfied", "basically", "dissatisfied"])
            return [("followup", "follow_up", {"satisfied": word, "solved": "yes"})]
        return [("acceptor", "close", {})]
