"""No sequence of legal actions by any role, with time passing between, loses a party, closes without signatures,
scores a lane twice or lowers a level."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from commandcenter.domain.errors import DomainError
from commandcenter.domain.joint_workflow import load_machine
from commandcenter.domain.workflow import Action
from tests.integration.whistle.lanes import GOOD, PLACE, Whistles
from tests.integration.whistle.reach import Ground, roles_allowed
from tests.support.clocks import pass_time, travel
from tests.support.town_profile import OPERATORS

pytestmark = pytest.mark.database

PARTY = load_machine("party")
UNITS = ("D-CG", "D-GA", "D-SW", "PCS-A", "A-CGK")
LEVELS = ("normal", "key", "hard")
# What leads on, tried more often: otherwise most sequences end in a withdrawal.
ONWARD = ("sign", "respond", "arrive", "finish", "sign_off", "close", "rate", "verify", "tick", "follow_up",
          "object", "raise_level")  # fmt: skip
OVER = ("rating", "verifying", "archived")


class Story:
    """One summons, what may be done in it now, and what must be true whenever."""

    def __init__(self, whistles: Whistles, kind: str) -> None:
        self.w, self.kind = whistles, kind
        self.number = whistles.open(kind, units=("D-CG", "D-GA"), level="key")
        self.keys = {whistles.unit(key): key for key in UNITS}
        self.before = whistles.summons(self.number)
        self.fixed: dict[int, int] = {}

    def choices(self) -> list[tuple[str, int | None, list[str]]]:
        """(action, lane, logins) that the data allows; lane None: on the whole."""
        head, lanes = self.w.summons(self.number), self._lanes()
        machine, whole = load_machine(self.kind), self._ground(head, lanes, None)
        found = [(a.code, None, self._who(a, whole, head["state"], None)) for a in machine.actions if a.sources]
        for lane in lanes:
            ground = self._ground(head, lanes, lane)
            may = {a.code: self._who(a, ground, lane["state"], head["state"]) for a in PARTY.actions}
            may["decide"] = [who for who in may["decide"] if who != self.w.rater(self.number, lane["no"])]
            found += [(code, lane["no"], people) for code, people in may.items()]
        return [one for one in found if one[2] for _ in range(6 if one[0] in ONWARD else 1)]

    def _who(self, action: Action, ground: Ground, state: str, head: str | None) -> list[str]:
        return [
            person.login for person in OPERATORS
            if ground.seen(person) and roles_allowed(action, person, ground, state, head)
        ]  # fmt: skip

    def _ground(self, head: dict[str, Any], lanes: list[dict[str, Any]], one: dict[str, Any] | None) -> Ground:
        called = [lane for lane in lanes if lane["called_at"]]
        live = [self.keys[lane["unit_id"]] for lane in called if lane["live"]]
        lead = next((self.keys[lane["unit_id"]] for lane in called if lane["live"] and lane["lead"]), None)
        caller, street = ("A", "A") if self.kind == "whistle" else ("T", None)
        units = (self.keys[one["unit_id"]],) if one else tuple(live)
        return Ground(caller, street, units, tuple(self.keys[u] for u in head["unit_ids"]), lead)

    def try_one(self, data: st.DataObject, login: str, code: str, lane: int | None) -> str:
        """What became of it."""
        args = self._args(data, code, lane)
        try:
            if code == "attach":
                self.w.proof(login, self.number, lane)
            elif lane is None:
                self.w.do(login, self.number, code, **args)
            else:
                if code == "finish":
                    self.w.proof(login, self.number, lane)
                self.w.lane(login, self.number, code, lane, **args)
        except DomainError as error:
            return type(error).__name__
        return "done"

    def _args(self, data: st.DataObject, code: str, lane: int | None) -> dict[str, Any]:
        action = (PARTY if lane else load_machine(self.kind)).action[code]
        units = st.sampled_from(UNITS).map(self.w.unit)
        given = {
            "unit_id": lambda: data.draw(units), "level": lambda: data.draw(st.sampled_from(LEVELS)), **PLACE,
            "meet_at": lambda: self.w.ahead(minutes=data.draw(st.integers(1, 600))),
            "satisfied": "satisfied", "check": 1,
            "kind": lambda: data.draw(st.sampled_from(("no_response", "late_response", "absent", "no_action"))),
            "upheld": "yes" if lane and lane % 2 else "no", **GOOD,
        }  # fmt: skip
        wanted = [*action.required, *(PLACE if code == "arrive" else ())]
        if code == "decide" and given["upheld"] == "yes":
            wanted.append("efficiency")
        values = {field: given.get(field, "理由充分") for field in wanted}
        return {field: value() if callable(value) else value for field, value in values.items()}

    # ------------------------------------------------------------------ what must be true
    def check(self) -> None:
        head, lanes = self.w.summons(self.number), self._lanes()
        events = self.w.rows(
            "select seq, party_no, action, what, to_state from cc.joint_event where entity_id = %s order by seq",
            self.number,
        )  # fmt: skip
        assert [e[0] for e in events] == list(range(1, head["events"] + 1))
        assert head["version"] >= self.before["version"]
        assert LEVELS.index(head["level"]) >= LEVELS.index(self.before["level"]) or head["state"] == "draft"
        self._check_parties(head, lanes, events)
        self._check_end(head, lanes, events)
        self._check_scores(head, lanes, events)
        self._check_notices()
        self.before = head

    def _check_parties(self, head: dict[str, Any], lanes: list[dict[str, Any]], events: list[Any]) -> None:
        live = [lane for lane in lanes if lane["live"]]
        assert [lane["no"] for lane in lanes] == list(range(1, len(lanes) + 1))
        assert len({lane["unit_id"] for lane in live}) == len(live)
        assert set(head["unit_ids"]) == {lane["unit_id"] for lane in lanes if lane["called_at"]}
        for lane in lanes:
            said = [e for e in events if e[1] == lane["no"] and e[2] in ("release", "replace", "withdraw_party")]
            if lane["live"]:
                assert not said and lane["state"] in ("pending", "responded", "arrived", "done", "signed")
            elif head["state"] == "withdrawn" and not said:
                assert any(e[2] in ("withdraw", "discard") and e[3]["reason"] for e in events)
            else:
                assert len(said) == 1 and said[0][4] == lane["state"]
                asked = any(e[1] == lane["no"] and e[2] == "ask_release" and e[3]["reason"] for e in events)
                assert asked if said[0][2] == "release" else said[0][3]["reason"]
        if live and head["state"] not in ("draft", "withdrawn"):
            assert sum(lane["lead"] for lane in live) == 1
        assert live or head["state"] in ("draft", "withdrawn")

    def _check_end(self, head: dict[str, Any], lanes: list[dict[str, Any]], events: list[Any]) -> None:
        states = [lane["state"] for lane in lanes if lane["live"]]
        if head["state"] in ("issued", "responded", "acting"):
            slowest = "issued" if "pending" in states else "responded" if "responded" in states else "acting"
            assert head["state"] == slowest and head["closed_at"] is None
        if head["state"] in OVER:
            last = [e for e in events if e[2] in ("close", "rule_close", "reject_verify")][-1]
            assert last[2] == "close" and set(states) == {"signed"} or last[2] == "rule_close" and last[3]["reason"]
            assert head["ruled"] == (last[2] == "rule_close") and head["closed_at"]
        rated = [lane["rated_at"] is not None for lane in lanes if lane["live"]]
        assert all(rated) or head["state"] not in ("verifying", "archived")
        assert head["state"] != "rating" or not all(rated)
        assert head["open"] == (head["state"] not in ("archived", "withdrawn"))

    def _check_scores(self, head: dict[str, Any], lanes: list[dict[str, Any]], events: list[Any]) -> None:
        times = Counter((e[1], e[2]) for e in events)
        for lane in lanes:
            no = lane["no"]
            # Once for each time the work was over: sent back, what was rated is void and nobody keeps it.
            back = max((e[0] for e in events if e[2] == "reject_verify"), default=0)
            rated = [e for e in events if e[1] == no and e[2] == "rate" and e[0] > back]
            assert len(rated) == (lane["rated_at"] is not None)
            if lane["live"]:
                assert (lane["score"] is not None) == (lane["rated_at"] is not None)
            elif head["state"] in OVER:  # who left is judged when the work is over, whatever the street says
                assert (lane["score"] is not None) == (lane["response_score"] is not None)
            assert times[no, "object"] <= 1 + sum(e[2] == "reject_verify" for e in events)
            assert times[no, "decide"] <= times[no, "object"]
            assert times[no, "missed_confirm"] <= 1 and times[no, "join"] == (lane["called_at"] is not None)
            if head["state"] == "withdrawn":  # what was missed before it stands
                missed = lane["response"] in ("late", "none") or lane["arrival"] in ("late", "absent")
                assert missed <= (lane["response_score"] is not None)
                assert lane["response_score"] is None or missed or times[no, "decide"]
            fixed = lane["response_score"]
            if no in self.fixed and not times[no, "decide"] and not times[no, "dispute"]:
                assert fixed == self.fixed[no]
            if fixed is not None:
                self.fixed[no] = fixed

    def _check_notices(self) -> None:
        told = "select party_no, kind, to_role, to_org, due from cc.notice where entity_id = %s and not past"
        told += " and about_id is null"
        wanted = "select party_no, kind, to_role, to_org, due from unnest(cc.steps_of_summons(%s))"
        assert Counter(self.w.rows(told, self.number)) == Counter(self.w.rows(wanted, self.number))

    def _lanes(self) -> list[dict[str, Any]]:
        count = self.w.sql("select count(*) from cc.summons_party where summons_id = %s", self.number)
        return [self.w.party(self.number, no) for no in range(1, count + 1)]


@pytest.mark.parametrize("kind", ["whistle", "order"])
def test_whatever_people_do(kind: str, whistles: Whistles) -> None:
    reached: Counter[str] = Counter()

    @settings(
        max_examples=15, deadline=None, derandomize=True, phases=(Phase.generate, Phase.shrink),
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )  # fmt: skip
    @given(data=st.data())
    def stories(data: st.DataObject) -> None:
        travel(whistles, "2026-11-24 09:00")
        story = Story(whistles, kind)
        for _ in range(40):
            _let_time_pass(story, data.draw(st.sampled_from((0, 0, 0, 5, 25, 100, 800))))
            choices = story.choices()
            if not choices:
                break
            code, lane, people = data.draw(st.sampled_from(choices))
            reached[story.try_one(data, data.draw(st.sampled_from(people)), code, lane)] += 1
            story.check()
        reached[whistles.summons(story.number)["state"]] += 1

    stories()
    # Far enough to mean something: much of what was tried was done, and stories came to either end.
    assert reached["done"] > 100 and reached["archived"] and reached["withdrawn"], reached


def _let_time_pass(story: Story, minutes: int) -> None:
    """Not over a draft: an order whose hour has passed can only be discarded."""
    if minutes and story.w.summons(story.number)["state"] != "draft":
        pass_time(story.w, minutes=minutes)
        story.w.sql("select cc.mark_all_summons(cc.city_now()), cc.raise_all_summons(cc.city_now())")
        story.check()
