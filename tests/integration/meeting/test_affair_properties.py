"""No sequence of actions by anybody, legal or not, brings a meeting or its tasks into a state that may not be."""

import random
from typing import Any

import pytest

from commandcenter.domain.errors import DomainError
from commandcenter.domain.joint_workflow import load_machine
from tests.integration.meeting.table import Table

pytestmark = pytest.mark.database

PEOPLE = ("leader", "supervisor", "cg", "ga", "sw", "evaluator", "leader_b", "screen", "street_a", "dispatcher")
ROLES = {"street_leader": ("leader",), "supervisor": ("supervisor",), "evaluator": ("evaluator",),
         "handler": ("cg", "ga", "sw")}  # fmt: skip
CLERKS = {"D-CG": "cg", "D-GA": "ga", "D-SW": "sw", "PCS-A": "pcs"}
UNITS = ("D-CG", "D-GA", "D-SW", "PCS-A", "T")
STEPS = 60
WEIGHTS = {"attend": 6, "hold": 6, "reschedule": 0.5, "invite": 0.5, "excuse": 0.5, "report": 4, "accept": 2,
           "close": 0.3, "note": 0.3}  # fmt: skip
EVENTS = "select array_agg(seq order by seq) from cc.joint_event where entity_id = %s"


class Evening:
    """One meeting, whatever comes of it, and who did it."""

    def __init__(self, table: Table, seed: int) -> None:
        self.table, self.random = table, random.Random(seed)
        self.meeting = table.call(of=("D-CG", "D-GA"))
        self.done = 0

    def step(self) -> None:
        """Somebody tries something: mostly what he may, sometimes anything."""
        tasks = [r[0] for r in self.table.rows("select id from cc.task where meeting_id = %s", self.meeting)]
        entity, number = "meeting", self.meeting
        if tasks and self.random.random() < 0.6:
            entity, number = "task", self.random.choice(tasks)
        try:
            self._try(entity, number)
            self.done += 1
        except DomainError:
            pass

    def _try(self, entity: str, number: int) -> None:
        state = self.table.row_of(entity, number)["state"]
        actions = [a for a in load_machine(entity).actions if a.sources and a.code != "cancel"]
        if self.random.random() < 0.85:
            actions = [a for a in actions if state in a.sources] or actions
        action = self.random.choices(actions, [WEIGHTS.get(a.code, 1) for a in actions])[0]
        unit = self._unit(entity, number)
        logins = sorted({who for role in action.roles() for who in ROLES[role]})
        who = self.random.choice(logins if self.random.random() < 0.9 else PEOPLE)
        if "handler" in action.roles() and self.random.random() < 0.7:
            who = CLERKS.get(unit, who)
        if action.code == "attach":
            self.table.attach_to(who, entity, number)
            return
        args = self._args(action.required, action.optional, unit)
        (self.table.meet if entity == "meeting" else self.table.task)(who, number, action.code, **args)

    def _unit(self, entity: str, number: int) -> str:
        if entity == "task":
            key = "select o.key from cc.task t join cc.org o on o.id = t.unit_id where t.id = %s"
            return str(self.table.sql(key, number))
        called = sorted(self.table.attendees(number))
        return self.random.choice(called if self.random.random() < 0.8 else UNITS)

    def _args(self, required: tuple[str, ...], optional: tuple[str, ...], unit: str) -> dict[str, Any]:
        given = [*required, *(code for code in optional if self.random.random() < 0.3)]
        return {code: self._value(code, unit) for code in given if self.random.random() < 0.98}

    def _value(self, code: str, unit: str) -> Any:
        return {
            "unit_id": lambda: self.table.unit(unit),
            "attendance": lambda: self.random.choice(("present", "present", "absent", "excused", "late")),
            "meet_at": lambda: self.table.ahead(hours=self.random.choice((-1, 2, 30))),
            "due": lambda: self.table.ahead(days=self.random.choice((-1, 1, 3, 500))),
        }.get(code, lambda: self.random.choice(("内容", "另有任务", "处理完毕", " ")))()

    # ------------------------------------------------------------ what must hold
    def check(self) -> None:
        """Everything that must be true of it now."""
        table, row = self.table, self.table.row_of("meeting", self.meeting)
        tasks = table.rows("select id, state, open, closed_at is null, unit_id, reworks from cc.task"
                           " where meeting_id = %s", self.meeting)  # fmt: skip
        called = table.attendees(self.meeting)
        assert {table.unit(key) for key in called} == set(row["unit_ids"]), "a unit was lost"
        assert row["open"] == (row["state"] in ("called", "held")) == (row["closed_at"] is None)
        assert row["events"] == len(table.sql(EVENTS, self.meeting)) == max(table.sql(EVENTS, self.meeting))
        if row["state"] in ("held", "closed"):
            assert "present" in called.values()
        if row["state"] == "closed":
            assert not [task for task in tasks if task[2]], "closed over an open task"
        for number, state, is_open, no_end, unit, _ in tasks:
            assert is_open == (state in ("open", "reported")) == no_end
            assert unit in row["unit_ids"]
            deeds = table.deeds(number)
            assert deeds.count("accept") <= 1 and (state != "done" or deeds[-1] in ("accept", "acknowledge"))
            if state in ("reported", "done"):
                report = len(deeds) - 1 - deeds[::-1].index("report")
                since = max((n for n, d in enumerate(deeds[:report]) if d == "return_task"), default=0)
                assert "attach" in deeds[since:report], "reported without proof"
            self._check_said(number)
        self._check_said(self.meeting)

    def _check_said(self, number: int) -> None:
        """What is said, or was taken on and is not past, is what is true now, once."""
        entity = "meeting" if number == self.meeting else "task"
        true_now = self.table.rows(
            f"select k.kind, k.to_role, k.to_org, k.words, k.due from cc.{entity} x,"
            f" unnest(cc.{entity}_steps(x)) k where x.id = %s order by 1, 2, 3", number,
        )  # fmt: skip
        kept = self.table.rows(
            "select kind, to_role, to_org, words, due from cc.notice where entity_id = %s and not past and about_id"
            " is null order by 1, 2, 3", number,
        )  # fmt: skip
        assert kept == true_now


@pytest.mark.parametrize("seed", range(12))
def test_whatever_anybody_tries_what_must_hold_holds(seed: int, table: Table) -> None:
    evening = Evening(table, seed)
    for _ in range(STEPS):
        evening.step()
        evening.check()
    assert evening.done > 8, "hardly anything was tried that works"


def test_all_of_it_is_sealed_and_sound(table: Table) -> None:
    assert table.sql("select count(*) from cc.joint_event") > 0
    table.sql("select cc.seal_events()")
    assert table.rows("select fault, subject from cc.audit_faults()") == []


def test_the_evenings_went_everywhere(table: Table) -> None:
    """Otherwise the properties were hardly put to the test."""
    states = {row[0] for row in table.rows("select to_state from cc.joint_event")}
    assert {"called", "held", "closed", "open", "reported", "done"} <= states
    deeds = {row[0] for row in table.rows("select action from cc.joint_event")}
    assert {"confirm", "excuse", "invite", "reschedule", "attend", "hold", "assign", "close", "report", "accept",
            "return_task", "extend"} <= deeds  # fmt: skip
