"""What the client offers is what the database allows: every person of the town on matters in every state."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from commandcenter.domain import joint_offers
from commandcenter.domain.errors import DomainError, InvalidInput, TooLate
from commandcenter.domain.joint import JointCommand, MeetingRow, NewMeeting, NewTask, SummonsRow, TaskRow
from commandcenter.domain.joint_offers import PARTY, Scope, caller_orgs, role_for
from commandcenter.domain.joint_workflow import load_machine
from commandcenter.domain.model import Directory, Duty, Person
from commandcenter.domain.workflow import Action
from tests.integration.whistle.lanes import GOOD, PLACE, Whistles
from tests.integration.workflow.oracle import above
from tests.support.town import PNG, Town
from tests.support.town_profile import OPERATORS

STATES = {
    "whistle": ("draft", "issued", "responded", "acting", "rating", "verifying", "archived", "withdrawn"),
    "order": ("draft", "issued", "responded", "acting", "rating", "archived", "withdrawn"),
}
Matter = SummonsRow | MeetingRow | TaskRow


@pytest.fixture(scope="module")
def people(shared_town: Town) -> list[Person]:
    ids = {login: number for number, login in _operators(shared_town)}
    return [
        Person(ids[one.login], one.login, one.name, shared_town.org("T"),
               tuple(Duty(role, shared_town.org(key)) for role, key in one.duties))
        for one in OPERATORS
    ]  # fmt: skip


def _operators(town: Town) -> list[Any]:
    with town.owner.connect() as connection:
        return list(connection.exec_driver_sql("select id, login from cc.operator"))


@pytest.fixture(scope="module")
def directory(shared_town: Town) -> Directory:
    return shared_town.session("supervisor").directory


@pytest.fixture(scope="module")
def summons(whistles: Whistles, shared_town: Town) -> list[SummonsRow]:
    """Each kind in each of its states, called by street, community or district; one with lanes of all kinds."""
    numbers = [whistles.to(state, kind) for kind, states in STATES.items() for state in states]
    numbers.append(whistles.open("whistle", "community", caller_id=whistles.unit("A1"),
                                 parties=[{"unit_id": whistles.unit("PCS-A")}]))
    numbers.append(whistles.open("whistle", "supervisor", caller_id=whistles.unit("T")))
    numbers += [_mixed(whistles), _ticked(whistles), _idle(whistles), _objected(whistles), _let_out(whistles)]
    return list(shared_town.session("supervisor").joint_queries.joint(numbers).summons)


def _mixed(whistles: Whistles) -> int:
    number = whistles.issued("whistle", units=("D-CG", "D-GA", "D-SW", "PCS-A"))
    whistles.forward(number, 1, "arrived")
    whistles.lane("ga", number, "ask_release", 2, reason="非职责", legal_basis="三定")
    whistles.lane("leader", number, "release", 2)
    whistles.lane("sw", number, "ask_release", 3, reason="非职责", legal_basis="三定")
    whistles.lane("leader", number, "replace", 4, unit_id=whistles.unit("D-GA"), reason="换队")
    whistles.lane("leader", number, "dispute", 1, reason="没见到人")
    return number


def _ticked(whistles: Whistles) -> int:
    """An order whose lanes have signed, and whose checklist is half done: none, then all."""
    number = whistles.to("acting", "order", checks=["疏导", "清点"])
    whistles.all_forward(number, "signed")
    whistles.do("supervisor", number, "tick", check=1)
    return number


def _idle(whistles: Whistles) -> int:
    """Ended before its time, rated by a head, one lane idle, objected to; its bulletins are out."""
    number = whistles.issued("whistle", units=("D-CG", "D-GA", "D-SW"))
    whistles.lane("cg", number, "arrive", **PLACE)
    whistles.do("supervisor", number, "rule_close", conclusion="结束", reason="险情解除")
    whistles.lane("leader", number, "rate", 2, **GOOD)
    whistles.lane("ga", number, "object", 2, reason="不服")
    return number


def _objected(whistles: Whistles) -> int:
    """An order that its supervisor rated: he does not decide on the objection."""
    number = whistles.to("archived", "order")
    whistles.lane("cg", number, "object", reason="不服")
    return number


def _let_out(whistles: Whistles) -> int:
    """A district's own whistle, out without a signature."""
    return whistles.issued("whistle", login="supervisor", caller_id=whistles.unit("T"), units=("D-CG", "D-GA"))


def _verdicts(town: Town, machine: str, state: str, scope: str, *values: Any) -> dict[tuple[str, int], str | None]:
    """By action and person, the role that the database finds."""
    sql = f"""select a.code, o.id, cc.joint_role(a.machine, a.code, %s, {scope}, o.id)
      from cc.jw_action a cross join cc.operator o where a.machine = %s"""
    with town.owner.connect() as connection:
        found = connection.exec_driver_sql(sql, (state, *values, machine))
        return {(code, person): role for code, person, role in found}


def _mirrored(machine: str, state: str, scope: Scope, people: list[Person], directory: Directory,
              head: str | None = None) -> dict[tuple[str, int], str | None]:  # fmt: skip
    workflow = load_machine(machine)
    return {
        (action.code, person.id): role_for(workflow, action.code, state, scope, person, directory, head)
        for action in workflow.actions for person in people
    }  # fmt: skip


def test_roles_on_the_whole_are_the_database_s(shared_town: Town, summons, people, directory) -> None:
    for row in summons:
        told = _verdicts(shared_town, row.kind, row.state, "cc.summons_scope(%s)", row.id)
        assert _mirrored(row.kind, row.state, joint_offers.summons_scope(row), people, directory) == told, row
        assert {role for role in told.values() if role} or row.state in ("archived", "withdrawn")


def test_roles_on_every_lane_are_the_database_s(shared_town: Town, summons, people, directory) -> None:
    scope = """(select cc.lane_scope(s, p) from cc.summons s join cc.summons_party p on p.summons_id = s.id
                 where s.id = %s and p.no = %s)"""
    for row in summons:
        for party in row.parties:
            told = _verdicts(shared_town, PARTY, party.state, scope, row.id, party.no)
            allowed = {a.code for a in load_machine(PARTY).actions if row.state in a.head}
            told = {key: role if key[0] in allowed else None for key, role in told.items()}
            mine = _mirrored(PARTY, party.state, joint_offers.lane_scope(row, party), people, directory, row.state)
            assert mine == told, (row.no, party)


def test_roles_on_meetings_and_tasks_are_the_database_s(shared_town: Town, matters, people, directory) -> None:
    for row in matters:
        entity = "meeting" if isinstance(row, MeetingRow) else "task"
        scope = joint_offers.meeting_scope(row) if isinstance(row, MeetingRow) else joint_offers.task_scope(row)
        told = _verdicts(shared_town, entity, row.state, f"cc.{entity}_scope(%s)", row.id)
        assert _mirrored(entity, row.state, scope, people, directory) == told, row


@pytest.fixture(scope="module")
def matters(whistles: Whistles, shared_town: Town) -> list[Matter]:
    """Meetings and tasks as they begin and go on."""
    leader, head = (shared_town.session(who).joint_commands for who in ("leader", "supervisor"))
    ahead = whistles.now().timestamp() + 7200
    units = (whistles.unit("D-CG"), whistles.unit("PCS-A"))
    calls = [leader.call_meeting(NewMeeting(uuid4(), whistles.unit("A"), "清退", ahead, units)) for _ in range(2)]
    held = calls[1].entity_id
    for unit in units:
        version = _version(shared_town, held)
        args = {"unit_id": unit, "attendance": "present"}
        leader.act(JointCommand(uuid4(), "meeting", held, None, version, "attend", args))
    hold = JointCommand(uuid4(), "meeting", held, None, _version(shared_town, held), "hold", {"decisions": "清退"})
    leader.act(hold)
    tasks = [head.assign_task(NewTask(uuid4(), whistles.unit("T"), units[0], "排查", ahead)) for _ in range(2)]
    whistles.as_person("cg", "select cc.attach_joint(%s, 'task', %s, null, 'document', 'a.png', 'image/png', %s)",
                       str(uuid4()), tasks[1].entity_id, PNG)
    version = _version(shared_town, tasks[1].entity_id)
    report = JointCommand(uuid4(), "task", tasks[1].entity_id, None, version, "report", {"result": "已排查"})
    shared_town.session("cg").joint_commands.act(report)
    found = shared_town.session("supervisor").joint_queries.joint([done.entity_id for done in (*calls, *tasks)])
    assert [row.state for row in (*found.meetings, *found.tasks)] == ["called", "held", "open", "reported"]
    return [*found.meetings, *found.tasks]


def _version(town: Town, number: int) -> int:
    found = town.session("supervisor").joint_queries.joint([number])
    return (*found.meetings, *found.tasks)[0].version


def test_facts_hide_nothing_that_would_have_worked(whistles: Whistles, summons, people, directory) -> None:
    """Each action that role and reach allow but a fact of the row hides is tried, and refused by a guard."""
    tried = 0
    for row in summons:
        for who, party, action in _hidden(row, people, directory):
            args = _plausible(whistles, action)
            with whistles.trying(), pytest.raises(DomainError):
                if party is None:
                    whistles.do(who.login, row.id, action.code, **args)
                else:
                    whistles.lane(who.login, row.id, action.code, party, **args)
            tried += 1
    assert tried > 50


def _hidden(row: SummonsRow, people: list[Person], directory: Directory) -> Iterator[tuple[Person, int | None, Action]]:
    for who in people:
        shown = {action.code for action in joint_offers.summons_offers(row, who, directory)}
        scope, whole = joint_offers.summons_scope(row), load_machine(row.kind)
        for action in whole.actions:
            may = role_for(whole, action.code, row.state, scope, who, directory)
            if may and action.code not in shown:
                yield who, None, action
        for party in row.parties:
            shown = {action.code for action in joint_offers.lane_offers(row, party, who, directory)}
            scope, lanes = joint_offers.lane_scope(row, party), load_machine(PARTY)
            for action in lanes.actions:
                may = role_for(lanes, action.code, party.state, scope, who, directory, row.state)
                if may and action.code not in shown:
                    yield who, party.no, action


def _plausible(whistles: Whistles, action: Action) -> dict[str, Any]:
    given: dict[str, Callable[[], Any]] = {
        "meet_at": lambda: whistles.ahead(hours=1), "level": lambda: "hard", "unit_id": lambda: whistles.unit("D-SW"),
        "satisfied": lambda: "satisfied", "check": lambda: 1, "upheld": lambda: "no", "kind": lambda: "no_response",
        "lon": lambda: PLACE["lon"], "lat": lambda: PLACE["lat"], **{k: lambda: 90 for k in GOOD},
    }  # fmt: skip
    return {code: given.get(code, lambda: "理由充分")() for code in action.required}


def test_what_is_offered_first_can_be_done(whistles: Whistles, summons, people, directory) -> None:
    """The other way round, for what needs no more than a click: offered, it is carried out."""
    done = 0
    for row in summons:
        for party in row.parties:
            for who in people:
                codes = {action.code for action in joint_offers.lane_offers(row, party, who, directory)}
                for code in codes & {"respond", "sign_off", "release", "insist", "dispute", "rate", "object"}:
                    action = load_machine(PARTY).action[code]
                    with whistles.trying():
                        whistles.lane(who.login, row.id, code, party.no, **_plausible(whistles, action))
                    done += 1
    assert done > 20


def test_nothing_is_offered_that_right_or_state_refuse(
    whistles: Whistles, summons, matters, people, directory
) -> None:  # fmt: skip
    """Every person, every matter in every state, every action: offered, it may lack something, or come at the wrong
    hour, but it is never refused because of who asks or how things stand."""
    met: Counter[str] = Counter()
    for row in (*summons, *matters):
        for who in people:
            for party, action in _shown(row, who, directory):
                met[_tried(whistles, row, party, who, action)] += 1
    assert met["done"] > 500 and set(met) <= {"done", "InvalidInput", "TooLate"}, met


def _shown(row: Matter, who: Person, directory: Directory) -> Iterator[tuple[int | None, Action]]:
    if isinstance(row, SummonsRow):
        yield from ((None, action) for action in joint_offers.summons_offers(row, who, directory))
        for party in row.parties:
            yield from ((party.no, action) for action in joint_offers.lane_offers(row, party, who, directory))
    else:
        offers = joint_offers.meeting_offers if isinstance(row, MeetingRow) else joint_offers.task_offers
        yield from ((None, action) for action in offers(row, who, directory))  # type: ignore[arg-type]


def _tried(whistles: Whistles, row: Matter, party: int | None, who: Person, action: Action) -> str:
    """What became of it; WrongState and NotAllowed say what was wrong to offer."""
    entity = "summons" if isinstance(row, SummonsRow) else "meeting" if isinstance(row, MeetingRow) else "task"
    args = _fitting(whistles, row, party, who, action)
    try:
        with whistles.trying():
            if action.code == "attach":
                attach = "select cc.attach_joint(%s, %s, %s, %s, 'document', 'a.png', 'image/png', %s)"
                whistles.as_person(who.login, attach, str(uuid4()), entity, row.id, party, PNG)
            elif isinstance(row, SummonsRow) and party is None:
                whistles.do(who.login, row.id, action.code, **args)
            elif isinstance(row, SummonsRow):
                whistles.lane(who.login, row.id, action.code, party, **args)
            else:
                whistles.as_person(who.login, f"select cc.{entity}_act(%s, %s, %s, %s, %s)", str(uuid4()), row.id,
                                   row.version, action.code, json.dumps(args, default=str))
    except (InvalidInput, TooLate) as error:
        return type(error).__name__
    except DomainError as error:
        raise AssertionError(f"{row.no} {row.state} {party} {who.login} {action.code}: {error}") from error
    return "done"


def _fitting(whistles: Whistles, row: Matter, party: int | None, who: Person, action: Action) -> dict[str, Any]:
    """Arguments that fit the matter where it offers a choice."""
    args = _plausible(whistles, action)
    lane = row.party(party) if isinstance(row, SummonsRow) and party is not None else None
    if action.code == "publish" and lane is not None:
        args["kind"] = joint_offers.untold_faults(lane)[0]
    if "own_unit" in action.guards and isinstance(row, MeetingRow):
        own = [unit for unit, state in row.attendees if state in ("invited", "excused") or action.code == "excuse"]
        keys = {unit: whistles.sql("select key from cc.org where id = %s", unit) for unit in own}
        args["unit_id"] = next((unit for unit in own if _speaks(who, keys[unit], whistles)), own[0])
    return args | ({"attendance": "present"} if "attendance" in args else {})


def _speaks(who: Person, key: str, whistles: Whistles) -> bool:
    return any(duty.role == "handler" and above(_key(whistles, duty.org_id), key) for duty in who.duties)


def _key(whistles: Whistles, org: int) -> str:
    found: str = whistles.sql("select key from cc.org where id = %s", org)
    return found


def test_who_may_call_on_whose_behalf(whistles: Whistles, people, directory) -> None:
    by_login = {person.login: person for person in people}
    unit = whistles.unit
    wanted = {
        ("whistle", "t_leader"): {"A", "A1", "A2"}, ("whistle", "t_grid_a1"): {"A1"}, ("whistle", "t_cg"): set(),
        ("order", "t_leader"): set(), ("task", "t_evaluator"): set(), ("meeting", "t_leader_b"): {"B", "B1", "B2"},
    }  # fmt: skip
    for (machine, login), keys in wanted.items():
        assert set(caller_orgs(machine, by_login[login], directory)) == {unit(key) for key in keys}, (machine, login)
    assert unit("T") in caller_orgs("order", by_login["t_supervisor"], directory)


def test_nobody_without_a_duty_is_offered_anything(summons, people, directory) -> None:
    idle = replace(people[0], duties=())
    for row in summons:
        assert joint_offers.summons_offers(row, idle, directory) == []
        assert joint_offers.lane_offers(row, row.parties[0], idle, directory) == []
