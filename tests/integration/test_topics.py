"""专题: who gathers which cases, what others see of it, and what nobody can do with psql."""

from __future__ import annotations

import uuid

import psycopg2
import pytest

from commandcenter.domain.errors import Conflict, InvalidInput, NotAllowed, NotFound, WrongState
from commandcenter.domain.topic import Topic
from db.gateways.topics import PgTopics
from tests.support.hands import Hands
from tests.support.paths import Paths
from tests.support.town import Town

pytestmark = pytest.mark.database


@pytest.fixture(scope="module")
def hands(shared_town: Town) -> Hands:
    return Hands(shared_town)


@pytest.fixture(scope="module")
def paths(hands: Hands) -> Paths:
    return Paths(hands)


@pytest.fixture
def mine(shared_town: Town, hands: Hands) -> PgTopics:
    hands.sql("delete from cc.topic_case")
    hands.sql("delete from cc.topic")
    return shared_town.session("supervisor").topics


def the_one(topics: PgTopics, closed: bool = False) -> Topic:
    (found,) = topics.topics(closed)
    return found


def test_cases_are_gathered_put_in_and_taken_out(mine: PgTopics, paths: Paths) -> None:
    first, second, third = (paths.to("filed") for _ in range(3))
    number = mine.begin(uuid.uuid4(), " 占道经营 ", "2026-11", [first, second])
    made = the_one(mine)
    assert (made.id, made.name, made.month, made.cases) == (number, "占道经营", "2026-11", {first, second})
    mine.change(uuid.uuid4(), number, [third], [first])
    assert the_one(mine).cases == {second, third}
    mine.change(uuid.uuid4(), number, [first])
    assert the_one(mine).cases == {first, second, third}


def test_a_command_counts_once_and_a_version_only_as_it_stands(mine: PgTopics, paths: Paths) -> None:
    command = uuid.uuid4()
    number = mine.begin(command, "井盖", "", [paths.to("filed")])
    assert mine.begin(command, "井盖", "", []) == number
    before = the_one(mine)
    mine.rename(uuid.uuid4(), before, "井盖治理", "2026-12")
    assert (the_one(mine).name, the_one(mine).month) == ("井盖治理", "2026-12")
    with pytest.raises(Conflict):
        mine.rename(uuid.uuid4(), before, "别的", "")
    with pytest.raises(InvalidInput, match="同名"):
        mine.begin(uuid.uuid4(), "井盖治理", "", [])


def test_what_is_over_takes_no_more(mine: PgTopics, paths: Paths) -> None:
    case_id = paths.to("filed")
    number = mine.begin(uuid.uuid4(), "噪声", "", [case_id])
    mine.close(uuid.uuid4(), the_one(mine))
    assert mine.topics() == [] and the_one(mine, closed=True).cases == {case_id}
    with pytest.raises(WrongState):
        mine.change(uuid.uuid4(), number, [], [case_id])


def test_everybody_who_reads_words_sees_it_with_his_own_cases(
    mine: PgTopics, paths: Paths, shared_town: Town
) -> None:
    case_id = paths.to("filed")
    mine.begin(uuid.uuid4(), "垃圾", "", [case_id])
    assert the_one(shared_town.session("dispatcher").topics).cases == {case_id}
    assert the_one(shared_town.session("sw").topics).cases == frozenset()
    for login in ("screen", "gateway"):
        assert shared_town.session(login).topics.topics() == []


@pytest.mark.parametrize("login", ["dispatcher", "acceptor", "cg", "screen", "admin", "gateway"])
def test_others_gather_nothing(mine: PgTopics, paths: Paths, shared_town: Town, login: str) -> None:
    case_id = paths.to("filed")
    number = mine.begin(uuid.uuid4(), "违建", "", [case_id])
    other = shared_town.session(login).topics
    with pytest.raises(NotAllowed):
        other.begin(uuid.uuid4(), "我的", "", [])
    with pytest.raises((NotAllowed, NotFound)):
        other.change(uuid.uuid4(), number, [], [case_id])
    with pytest.raises((NotAllowed, NotFound)):
        other.close(uuid.uuid4(), the_one(mine))
    assert the_one(mine).cases == {case_id}


def test_a_street_leader_gathers_only_what_he_sees(mine: PgTopics, paths: Paths, shared_town: Town) -> None:
    elsewhere = paths.to("filed")  # in 甲
    leader_b = shared_town.session("leader_b").topics
    with pytest.raises(NotFound):
        leader_b.begin(uuid.uuid4(), "乙街道专题", "", [elsewhere])
    number = mine.begin(uuid.uuid4(), "全区", "", [elsewhere])
    with pytest.raises(NotFound):
        leader_b.change(uuid.uuid4(), number, [], [elsewhere])
    assert the_one(mine).cases == {elsewhere}


def test_rubbish_makes_no_topic(mine: PgTopics, hands: Hands) -> None:
    for name, month, cases in (("", None, []), (" ", None, []), ("字" * 41, None, []), ("x", "2026-11-02", []),
                               ("x", "infinity", []), ("x", None, list(range(1001)))):  # fmt: skip
        with pytest.raises(InvalidInput):
            hands.as_person("supervisor", "select cc.begin_topic(gen_random_uuid(), %s, %s::date, %s::bigint[])",
                            name, month, cases)  # fmt: skip
    with pytest.raises(InvalidInput):
        mine.begin(uuid.uuid4(), "x", "十一月", [])
    with pytest.raises(NotFound):
        mine.begin(uuid.uuid4(), "x", "", [1])
    assert mine.topics() == []


def test_a_clerk_with_psql_writes_to_no_table(mine: PgTopics, shared_town: Town, paths: Paths) -> None:
    mine.begin(uuid.uuid4(), "停车", "", [paths.to("filed")])
    for login in ("supervisor", "dispatcher"):
        psql = shared_town.psql(login)
        for statement in ("update cc.topic set name = 'x'", "delete from cc.topic", "delete from cc.topic_case",
                          "update cc.topic_case set removed_at = now()",
                          "select cc.put_in_topic(t, 1, cc.me()) from cc.topic t"):  # fmt: skip
            with pytest.raises(psycopg2.errors.InsufficientPrivilege):
                psql.cursor().execute(statement)
