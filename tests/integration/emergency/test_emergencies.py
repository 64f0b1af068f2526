"""应急: who may begin one, what everybody then sees, and what a clerk with psql cannot do to its log."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import psycopg2
import pytest

from commandcenter.domain.emergency import EmergencyPlace, teams
from commandcenter.domain.errors import Conflict, DomainError, InvalidInput, NotAllowed, NotFound, WrongState
from db.gateways.emergencies import PgEmergencies
from tests.support.hands import Hands
from tests.support.paths import Paths
from tests.support.town import Town

pytestmark = pytest.mark.database
PLACE = EmergencyPlace(lon=116.002, lat=40.002)


@pytest.fixture(scope="module")
def hands(shared_town: Town) -> Hands:
    return Hands(shared_town)


@pytest.fixture(scope="module")
def paths(hands: Hands) -> Paths:
    return Paths(hands)


@pytest.fixture
def lead(shared_town: Town, hands: Hands) -> Iterator[PgEmergencies]:
    """A supervisor's; what a test leaves running is ended."""
    yield shared_town.session("supervisor").emergencies
    hands.sql("update cc.emergency set ended_at = cc.city_now() where ended_at is null")


def of(town: Town, login: str) -> PgEmergencies:
    return town.session(login).emergencies


def begin(lead: PgEmergencies, place: EmergencyPlace = PLACE) -> int:
    return lead.begin(uuid.uuid4(), place)


def test_everybody_of_the_district_sees_it_with_its_place_and_its_log(lead: PgEmergencies, shared_town: Town) -> None:
    number = begin(lead)
    for login in ("supervisor", "dispatcher", "cg", "screen"):
        (one,) = of(shared_town, login).running()
        assert (one.id, one.lon, one.lat, one.running) == (number, 116.002, 40.002, True)
        assert shared_town.session(login).directory.grids[one.grid_id or 0].name == "A1单元0"
    assert [event.action for event in lead.log(number)] == ["begin"]
    assert of(shared_town, "gateway").running() == []


def test_of_a_case_it_takes_place_and_item(lead: PgEmergencies, hands: Hands, paths: Paths) -> None:
    case_id = paths.to("filed")
    row = hands.row(case_id)
    number = begin(lead, EmergencyPlace(case_id=case_id))
    (one,) = lead.running()
    assert (one.id, one.case_id, one.item_id) == (number, case_id, row["item_id"])
    assert (one.street_id, one.grid_id) == (row["street_id"], row["grid_id"])


def test_decisions_and_teams_are_written_down_and_the_last_word_of_a_team_counts(
    lead: PgEmergencies, shared_town: Town, hands: Hands
) -> None:
    number = begin(lead)
    unit = hands.sql("select id from cc.org where key = 'D-CG'")
    lead.decide(uuid.uuid4(), number, " 封闭路口 ")
    lead.team(uuid.uuid4(), number, unit, "called", "带发电机")
    of(shared_town, "cg").team(uuid.uuid4(), number, unit, "on_way")
    log = lead.log(number)
    assert [(e.action, e.words) for e in log[1:]] == [("decide", "封闭路口"), ("team", "带发电机"), ("team", "")]
    assert [(t.unit_id, t.state) for t in teams(log)] == [(unit, "on_way")]
    assert log[1].actor_name == shared_town.session("supervisor").person.name and log[3].role == "handler"


def test_the_hall_sees_teams_but_neither_words_nor_names(lead: PgEmergencies, shared_town: Town, hands: Hands) -> None:
    number = begin(lead)
    unit = hands.sql("select id from cc.org where key = 'D-CG'")
    lead.decide(uuid.uuid4(), number, "张某 13900000000 家中")
    lead.team(uuid.uuid4(), number, unit, "arrived", "李四到场")
    log = of(shared_town, "screen").log(number)
    assert [(e.action, e.unit_id, e.team_state) for e in log][1:] == [("decide", None, None), ("team", unit, "arrived")]
    assert {(e.words, e.actor_name) for e in log} == {("", "")}
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        shared_town.psql("screen").cursor().execute("select words from cc.emergency_event")


def test_only_one_goes_on_in_a_district_and_a_command_counts_once(lead: PgEmergencies, hands: Hands) -> None:
    command = uuid.uuid4()
    number = lead.begin(command, PLACE, "燃气泄漏")
    assert lead.begin(command, PLACE, "燃气泄漏") == number
    with pytest.raises(Conflict, match="已有进行中的应急"):
        begin(lead)
    decision = uuid.uuid4()
    for _ in range(2):
        lead.decide(decision, number, "疏散")
    assert [e.action for e in lead.log(number)] == ["begin", "decide"]
    assert hands.sql("select count(*) from cc.emergency where ended_at is null") == 1


def test_what_has_ended_takes_no_more_and_stands_among_the_past(lead: PgEmergencies) -> None:
    number = begin(lead)
    lead.end(uuid.uuid4(), number, "险情排除")
    assert lead.running() == [] and lead.past(1)[0].id == number and not lead.past(1)[0].running
    with pytest.raises(WrongState):
        lead.decide(uuid.uuid4(), number, "再看看")
    assert begin(lead) != number


_OTHERS = ("dispatcher", "acceptor", "cg", "leader", "evaluator", "screen", "auditor", "admin", "gateway")


@pytest.mark.parametrize("login", _OTHERS)
def test_nobody_but_a_supervisor_begins_or_ends_one(
    lead: PgEmergencies, shared_town: Town, login: str
) -> None:
    with pytest.raises(NotAllowed):
        begin(of(shared_town, login))
    number = begin(lead)
    with pytest.raises(NotAllowed):
        of(shared_town, login).end(uuid.uuid4(), number)
    assert lead.running()[0].id == number


def test_a_handler_tells_of_his_own_team_only_and_calls_nobody(
    lead: PgEmergencies, shared_town: Town, hands: Hands
) -> None:
    number = begin(lead)
    own, other = (hands.sql("select id from cc.org where key = %s", key) for key in ("D-CG", "D-SW"))
    clerk = of(shared_town, "cg")
    for unit, state in ((other, "on_way"), (own, "called")):
        with pytest.raises(NotAllowed):
            clerk.team(uuid.uuid4(), number, unit, state)
    with pytest.raises(NotAllowed):
        clerk.decide(uuid.uuid4(), number, "听我的")
    assert [e.action for e in lead.log(number)] == ["begin"]


@pytest.mark.parametrize("args", [
    "{}", "null", "[]", '"x"', '{"lon": 116.002}', '{"lon": 999, "lat": 40}', '{"lon": "NaN", "lat": 40}',
    '{"lon": 0, "lat": 0}', '{"case_id": "x"}', '{"case_id": 1}', '{"summons_id": 7}', '{"district_id": 1}',
    '{"lon": 116.002, "lat": 40.002, "began_by": 1}',
])  # fmt: skip
def test_rubbish_begins_nothing(lead: PgEmergencies, hands: Hands, args: str) -> None:
    with pytest.raises(DomainError):
        hands.as_person("supervisor", "select cc.begin_emergency(gen_random_uuid(), %s::jsonb)", args)
    assert lead.running() == []


def test_rubbish_is_not_written_down(lead: PgEmergencies, hands: Hands) -> None:
    number = begin(lead)
    street = hands.sql("select id from cc.org where key = 'T'")
    for words, unit, state in (("", None, None), ("  ", None, None), ("字" * 501, None, None), ("", street, "on_way"),
                               ("", -1, "on_way"), ("", None, "on_way"), ("x", street, None)):  # fmt: skip
        with pytest.raises(InvalidInput):
            hands.as_person("supervisor", "select cc.note_emergency(gen_random_uuid(), %s, %s, %s, %s)",
                            number, words, unit, state)  # fmt: skip
    with pytest.raises(NotFound):
        lead.log(number + 1000)
    assert len(lead.log(number)) == 1


def test_a_clerk_with_psql_changes_neither_it_nor_its_log(lead: PgEmergencies, shared_town: Town) -> None:
    number = begin(lead)
    for login in ("supervisor", "dispatcher", "screen"):
        psql = shared_town.psql(login)
        for statement in (
            "update cc.emergency set ended_at = now()", "delete from cc.emergency", "delete from cc.emergency_event",
            "update cc.emergency_event set words = ''", "select * from cc.emergency_event",
            "insert into cc.emergency_event (district_id, emergency_id, seq, at, actor_id, actor_name, role, action)"
            f" select district_id, id, 2, now(), 1, 'x', 'supervisor', 'end' from cc.emergency where id = {number}",
            "select cc.log_emergency(e, cc.me(), 'supervisor', 'end', '', null, null) from cc.emergency e",
        ):  # fmt: skip
            with pytest.raises(psycopg2.errors.InsufficientPrivilege):
                psql.cursor().execute(statement)
    assert lead.running()[0].id == number


def test_the_owner_cannot_change_its_log_unseen(lead: PgEmergencies, hands: Hands) -> None:
    number = begin(lead)
    lead.decide(uuid.uuid4(), number, "封路")
    with pytest.raises(psycopg2.Error, match="只增不改"):
        hands.sql("update cc.emergency_event set words = '不封路' where emergency_id = %s", number)
    hands.sql("select cc.seal_events()")
    with hands.trying():
        hands.sql("alter table cc.emergency_event disable trigger append_only")
        hands.sql("update cc.emergency_event set words = '不封路' where emergency_id = %s and seq = 2", number)
        assert ("changed", "emergency_event") in hands.rows("select fault, subject from cc.log_faults()")
        assert ("emergency_event.append_only",) in hands.rows("select subject from cc.guard_faults()")
    with hands.trying():
        hands.sql("alter table cc.emergency_event disable trigger append_only")
        hands.sql("delete from cc.emergency_event where emergency_id = %s and seq = 2", number)
        faults = hands.rows("select fault, subject from cc.log_faults()")
        assert {("removed", "emergency_event"), ("missing", "emergency_event")} <= set(faults)
    assert hands.rows("select fault, subject from cc.log_faults() where subject = 'emergency_event'") == []


def test_the_feed_tells_everybody_at_once(lead: PgEmergencies, hands: Hands) -> None:
    before = hands.sql("select count(*) from cc.feed where kind = 'emergency'")
    number = begin(lead)
    lead.decide(uuid.uuid4(), number, "封路")
    assert hands.sql("select count(*) from cc.feed where kind = 'emergency'") >= before + 2
    for login in ("cg", "screen", "dispatcher"):
        assert hands.as_person(login, "select emergency from cc.feed_since('1:1:')") >= 2
