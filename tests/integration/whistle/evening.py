"""A scripted evening: forty whistles, two hundred parties from six to ten, some late, some never; then the ratings."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from typing import Any

from tests.integration.whistle.lanes import GOOD, PLACE, Whistles
from tests.support.clocks import travel

EVENING = "2026-11-24 18:00"
WHISTLES, PARTIES = 40, 5
UNITS = ("D-CG", "D-GA", "D-SW", "PCS-A", "A-CGK")
SATISFIED = ("satisfied", "basically", "dissatisfied", None)


@dataclass(frozen=True, order=True)
class Deed:
    """Something that is to be done at an instant; `order` keeps the script's order at the same instant."""

    at: datetime
    order: int
    login: str
    number: int
    action: str
    lane: int


class Evening:
    """Writes the script with a seed, then plays it in the order of time, the duty's rounds between."""

    def __init__(self, whistles: Whistles, seed: int) -> None:
        self.w, self.dice = whistles, random.Random(seed)
        self.numbers: list[int] = []
        self.deeds: list[Deed] = []
        self._order = count()

    def play(self) -> None:
        """The whole evening."""
        start = travel(self.w, EVENING)
        for k in range(WHISTLES):
            self._whistle(travel(self.w, start + timedelta(minutes=2 * k)))
        for done in count():
            if not self.deeds:
                break
            deed = heappop(self.deeds)
            travel(self.w, max(deed.at, self.w.now()))
            if done % 20 == 0:
                self._round()
            self._do(deed)
        travel(self.w, start + timedelta(hours=9))
        self._round()
        for number in self.numbers:
            if self.w.summons(number)["state"] != "withdrawn":
                self._end(number)

    def _round(self) -> None:
        self.w.sql("select cc.mark_all_summons(cc.city_now()), cc.raise_all_summons(cc.city_now())")

    def _whistle(self, now: datetime) -> None:
        facts: dict[str, Any] = {"units": UNITS, "level": "hard"}
        meet = now + timedelta(minutes=240)
        if self.dice.random() < 0.5:
            meet = now + timedelta(minutes=self.dice.randrange(40, 180))
            facts["meet_at"] = meet.isoformat()
        number = self.w.issued(**facts)
        self.numbers.append(number)
        if self.dice.random() < 0.4:  # before, at and after the old time
            self._later(meet + timedelta(minutes=self.dice.choice((-20, -1, 15, 16, 50))), "leader", number,
                        "reschedule", 0)  # fmt: skip
        if self.dice.random() < 0.1:  # if nobody has come by then
            self._later(now + timedelta(minutes=self.dice.choice((2, 15, 61, 90))), "leader", number, "withdraw", 0)
        for lane in range(1, PARTIES + 1):
            self._lane(number, lane, now, meet, early="meet_at" not in facts)

    def _lane(self, number: int, lane: int, now: datetime, meet: datetime, early: bool) -> None:
        """What this unit will do: answer in time, late or never; come early, late or never; act or stand about."""
        who, dice = self.w.clerk(number, lane), self.dice
        answered = now + timedelta(minutes=dice.choice((3, 20, 60, 61, 90)))
        came = meet + timedelta(minutes=dice.choice((-25, -1, 0, 15, 16, 60)))
        if dice.random() < 0.85:
            self._later(answered, who, number, "respond", lane)
        if dice.random() < 0.85:
            self._later(max(came, answered + timedelta(minutes=1)), who, number, "arrive", lane)
            if dice.random() < 0.9:
                self._later(max(came, answered) + timedelta(minutes=30), who, number, "work", lane)
        roll = dice.random()
        if roll < 0.04:
            self._later(answered + timedelta(minutes=2), "leader", number, "withdraw_party", lane)
        elif roll < 0.08:
            self._later(answered + timedelta(minutes=2), "leader", number, "release", lane)

    def _later(self, at: datetime, login: str, number: int, action: str, lane: int) -> None:
        heappush(self.deeds, Deed(at, next(self._order), login, number, action, lane))

    def _do(self, deed: Deed) -> None:
        """As the script says, unless the lane has gone another way by then."""
        if deed.action == "reschedule":
            if self.w.summons(deed.number)["state"] in ("issued", "responded"):
                meet = self.w.ahead(minutes=self.dice.choice((30, 90)))
                self.w.do(deed.login, deed.number, "reschedule", meet_at=meet, reason="大雨")
            return
        if deed.action == "withdraw":
            self._withdraw(deed.number)
            return
        state, act = self.w.party(deed.number, deed.lane)["state"], self.w.lane
        waits = state in ("pending", "responded")
        if deed.action == "respond" and state == "pending":
            act(deed.login, deed.number, "respond", deed.lane)
        elif deed.action == "arrive" and waits and self.w.party(deed.number, deed.lane)["arrive_from"] > deed.at:
            again = self.w.party(deed.number, deed.lane)["arrive_due"] + timedelta(minutes=self.dice.choice((-5, 0, 5)))
            for action, at in (("arrive", again), ("work", again + timedelta(minutes=20))):
                self._later(at, deed.login, deed.number, action, deed.lane)
        elif deed.action == "arrive" and waits:
            act(deed.login, deed.number, "arrive", deed.lane, **PLACE)
        elif deed.action == "work" and state == "arrived":
            act(deed.login, deed.number, "act", deed.lane, text="已处置")
            if self.dice.random() < 0.15:
                act("leader", deed.number, "dispute", deed.lane, reason="现场没有见到人")
            self.w.forward(deed.number, deed.lane, "signed")
        elif deed.action in ("withdraw_party", "release") and waits and len(self.w.lanes(deed.number)) > 1:
            self._leave(deed)

    def _withdraw(self, number: int) -> None:
        came = any(self.w.party(number, lane)["arrived_at"] for lane in self.w.lanes(number))
        if not came and self.w.summons(number)["state"] in ("issued", "responded"):
            self.w.do("leader", number, "withdraw", reason="情况已消除")

    def _leave(self, deed: Deed) -> None:
        act, why = self.w.lane, "力量已够"
        if deed.action == "withdraw_party":
            act(deed.login, deed.number, "withdraw_party", deed.lane, reason=why)
        else:
            clerk = self.w.clerk(deed.number, deed.lane)
            act(clerk, deed.number, "ask_release", deed.lane, reason=why, legal_basis="三定方案")
            act(deed.login, deed.number, "release", deed.lane)

    def _end(self, number: int) -> None:
        """Ended, rated, sent back and rated anew now and then, objected to and decided now and then, archived."""
        satisfied = self._over(number, self.dice.choice(SATISFIED))
        if self.dice.random() < 0.25:
            self.w.do("evaluator", number, "reject_verify", reason="再核")
            self._over(number, None)
        for lane in self.w.lanes(number):
            if self.dice.random() < (0.7 if self.w.party(number, lane)["disputed"] else 0.12):
                self._object(number, lane)
        assert satisfied == (self.w.summons(number)["citizen_score"] is not None)
        self.w.do("evaluator", number, "verify")

    def _over(self, number: int, satisfied: str | None) -> bool:
        """Closed or ruled, rated; followed up between two ratings. Whether the citizens were asked."""
        states = {self.w.party(number, lane)["state"] for lane in self.w.lanes(number)}
        if states == {"signed"}:
            self.w.close(number)
        else:
            self.w.do("supervisor", number, "rule_close", conclusion="结束", reason="有单位未到")
        for k, lane in enumerate(self.w.lanes(number)):
            if k == 1 and satisfied:
                self.w.do("followup", number, "follow_up", satisfied=satisfied)
            marks = {name: self.dice.randrange(30, 101) for name in GOOD}
            self.w.lane("leader", number, "rate", lane, reason="见现场记录", **marks)
        if len(self.w.lanes(number)) == 1 and satisfied:
            self.w.do("followup", number, "follow_up", satisfied=satisfied)
        return satisfied is not None

    def _object(self, number: int, lane: int) -> None:
        """Upheld in a rating, in a mark of the clock, or not."""
        self.w.lane(self.w.clerk(number, lane), number, "object", lane, reason="评分有误")
        row, rulings = self.w.party(number, lane), [{"upheld": "no"}, {"upheld": "yes", "professional": 77}]
        if row["response"]:
            rulings += [{"upheld": "yes", "response": mark} for mark in ("on_time", "late")]
        if row["arrival"]:
            rulings += [{"upheld": "yes", "arrival": mark} for mark in ("on_time", "late")]
        if row["arrived_at"] and not row["acted_at"]:
            rulings += [{"upheld": "yes", "acted": "yes"}]
        self.w.lane("evaluator", number, "decide", lane, decision="经核实", **self.dice.choice(rulings))
