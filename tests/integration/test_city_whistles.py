"""The simulated city's whistles over the real database: blown, answered, worked at, rated, verified, and by people."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from commandcenter.domain.joint import SUMMONS, WHISTLE, CalledUnit, JointCommand, NewSummons, SummonsRow
from commandcenter.simulation import Settings, Simulation, facts
from commandcenter.simulation.data import city_data
from commandcenter.simulation.joint import moving_in
from commandcenter.simulation.joint.habits import Habits, load_habits
from db.gateways.city_clock import PgCityClock
from db.gateways.session import PgSession
from tests.support.town import Town
from tests.support.town_profile import OPERATORS, password_of, town_profile

pytestmark = pytest.mark.database
TROUBLE = {"late_answer": 0.1, "late_arrival": 0.1, "refuses": 0.1, "silent": 0.08, "no_show": 0.06, "idle": 0.06}
STRICT = {"published": 1.0, "consulted": 0.6, "low_rated_objects": 0.9, "returned": 0.2, "task_returned": 0.3}
SPEED = 7200.0  # two hours a second


@pytest.fixture
def busy(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """So many whistles, orders and meetings a day for a thousand reports, and how people behave; some cases are closed
    by force."""

    def set_habits(whistle: float, order: float = 0, meeting: float = 0, **others: Any) -> None:
        raw = load_habits().raw
        a_day = {**raw["a_day"], "whistle": whistle, "order": order, "meeting": meeting, "free_day": 1.0}
        made = Habits({**raw, "a_day": a_day, **{name: {**raw[name], **values} for name, values in others.items()}})
        monkeypatch.setattr(moving_in, "load_habits", lambda: made)
        data = city_data("town")
        forced = replace(data, fates={**data.fates, "forced": 0.2, "cleared": 1.0})
        monkeypatch.setattr(facts, "city_data", lambda profile: forced)

    return set_habits


def _city(town: Town, **settings: object) -> Simulation:
    def log_in(user: str, password: str) -> PgSession:
        return PgSession(town.url, user, password, pool_size=1)

    control = PgCityClock(town.owner)
    passwords = {o.login: password_of(o.login) for o in OPERATORS}
    chosen = Settings(**settings)  # type: ignore[arg-type]
    return Simulation(log_in, passwords, town_profile(), chosen, control, duty=control.run_duty)


def _counts(town: Town, table: str, column: str = "state") -> dict[str, int]:
    with town.owner.connect() as connection:
        rows = connection.exec_driver_sql(f"select {column} as word, count(*) as number from cc.{table} group by 1")
        return {row.word: row.number for row in rows}


def test_days_of_whistles_orders_and_meetings_go_by_without_one_refused_command(
    town: Town, busy: Callable[..., None]
) -> None:
    busy(whistle=600, order=60, meeting=60, manner=TROUBLE, shares=STRICT)
    with _city(town, seed=4, rate=25, step_s=300) as city:
        stats = city.history(4.0)
    assert stats.errors == {}
    assert (stats.whistles + stats.orders, stats.meetings) == (
        town.scalar("select count(*) from cc.summons"),
        town.scalar("select count(*) from cc.meeting where summons_id is null"),
    )
    deeds = _counts(town, "joint_event", "action")
    for action in ("sign", "respond", "ask_release", "arrive", "act", "finish", "sign_off", "return_lane", "close",
                   "rule_close", "rate", "publish_by_clock", "object", "decide", "follow_up", "verify", "tick",
                   "consult", "confirm", "attend", "hold", "missed_confirm", "missed_arrival",
                   "raise_by_clock"):  # fmt: skip
        assert deeds.get(action), action
    assert _counts(town, "summons")["archived"] > 10
    assert {"on_time", "late", "none"} <= set(_counts(town, "summons_party", "response"))
    assert {"early", "on_time", "late", "absent"} <= set(_counts(town, "summons_party", "arrival"))
    unrated = "select count(*) from cc.summons_party p join cc.summons s on s.id = p.summons_id"
    assert town.scalar(f"{unrated} where s.state = 'archived' and p.live and p.score is null") == 0
    assert town.scalar("select count(*) from cc.case_event where action = 'clear_ledger'") > 0
    assert town.scalar("select max(at) <= clock_timestamp() from cc.joint_event")


def test_a_new_city_begins_with_something_in_every_column_and_never_again(town: Town) -> None:
    columns = {"draft", "issued", "responded", "acting", "rating", "verifying", "archived"}
    with _city(town, seed=3, rate=25) as city:
        city.history(0.1)
        city.start()
        _until(lambda: set(_counts(town, "summons")) == columns)
        _until(lambda: set(_counts(town, "meeting")) == {"called", "held"})
        _until(lambda: _counts(town, "task", "source") == {"meeting": 2, "rectification": 1})
    assert city.stats().errors == {}
    first = town.scalar("select count(*) from cc.summons")
    states = _counts(town, "summons")
    assert set(states) == columns
    assert first == sum(states.values()) >= 14 and states["draft"] == 2
    assert town.scalar("select count(*) from cc.joint_file where kind in ('scene', 'after')") > 0
    assert _counts(town, "bulletin", "kind") == {"no_action": 1}
    assert town.scalar("select count(*) from cc.summons where kind = 'order' and meet_at > cc.city_now()") == 1
    assert town.session("supervisor").joint_queries.unit_scores(0.0, 4e9)
    with _city(town, seed=4, rate=25) as again:
        again.run(0.1)
    assert (again.stats().whistles, town.scalar("select count(*) from cc.summons")) == (0, first)


def test_a_whistle_of_a_person_is_answered_by_the_units_and_waits_for_the_person(town: Town) -> None:
    PgCityClock(town.owner).set_clock(datetime.now(UTC), SPEED)
    person = town.session("leader")
    with _city(town, seed=2, rate=0, sweep_s=0.2, leave=frozenset({"t_leader"})) as city:
        units = tuple(CalledUnit(town.org(key)) for key in ("D-CG", "D-GA"))
        new = NewSummons(uuid4(), WHISTLE, town.org("A"), "综合执法", "违法建设拆除", units, scenario="Z01")
        number = person.joint_commands.open_summons(new).entity_id
        _do(person, number, "sign")
        city.start()
        _until(lambda: all(party.signed_at for party in _row(person, number).live_parties))
        assert _row(person, number).state == "acting"
        _do(person, number, "close", conclusion="已拆除")
        for party in _row(person, number).live_parties:
            marks = {"efficiency": 90, "cooperation": 80, "professional": 85, "responsibility": 88}
            _do(person, number, "rate", party.no, **marks)
        _until(lambda: _row(person, number).state == "archived")
    assert city.stats().errors == {}


def _row(session: PgSession, number: int) -> SummonsRow:
    return session.joint_queries.joint([number]).summons[0]


def _do(session: PgSession, number: int, action: str, party_no: int | None = None, **args: object) -> None:
    row = _row(session, number)
    party = None if party_no is None else row.party(party_no)
    version = row.version if party is None else party.version
    session.joint_commands.act(JointCommand(uuid4(), SUMMONS, number, party_no, version, action, args))


def _until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 90
    while not happened():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.1)
