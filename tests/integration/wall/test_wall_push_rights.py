"""投屏: who may push what to which wall, what the hall hears of it, that nothing is forged, that the record stands."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import psycopg2
import pytest

from commandcenter.domain.errors import DomainError, InvalidInput, NotAllowed, NotFound, WrongState
from commandcenter.domain.wall import HallWall, Push
from tests.support.clocks import pass_time, travel
from tests.support.hands import Hands
from tests.support.paths import Paths
from tests.support.town import Town

pytestmark = pytest.mark.database

PUSH = "select cc.push_to_wall(%s, %s, %s, %s, %s, %s)"
TAKE_BACK = "select cc.take_back(%s, %s)"
DENIED = "42501"


@pytest.fixture
def wall(hands: Hands) -> int:
    """The hall's, of the whole district."""
    return int(announce(hands)["id"])


def announce(hands: Hands, name: str = "大厅主墙", login: str = "screen") -> dict[str, Any]:
    told: dict[str, Any] = hands.as_person(login, "select cc.wall_announce(%s)", name)
    return told


def push(hands: Hands, wall: int, kind: str, entity: int | None = None, scene: str | None = None, *,
         login: str = "supervisor", command: uuid.UUID | None = None, until: object = None) -> Any:  # fmt: skip
    return hands.as_person(login, PUSH, str(command or uuid.uuid4()), wall, kind, entity, scene, until)


def take_back(hands: Hands, wall: int, login: str = "supervisor") -> Any:
    return hands.as_person(login, TAKE_BACK, str(uuid.uuid4()), wall)


def shown(hands: Hands, login: str = "screen") -> dict[str, Any] | None:
    (told,) = hands.as_person(login, "select cc.walls()")
    return dict(told["push"]) if told["push"] else None


def add_duty(hands: Hands, login: str, role: str, org: str) -> None:
    hands.sql("insert into cc.duty select district_id, id, %s, %s from cc.operator where login = %s",
              role, hands.org(org), f"t_{login}")  # fmt: skip


# ---------------------------------------------------------------- the way of a push
def test_what_a_supervisor_pushes_the_wall_hears_without_words_and_names(hands: Hands, wall: int) -> None:
    case = hands.report(citizen=True)
    push(hands, wall, "case", case)
    told = shown(hands)
    assert told is not None
    assert {k: told[k] for k in ("kind", "entity_id", "scene", "until", "by")} == {
        "kind": "case", "entity_id": case, "scene": "", "until": None, "by": "",
    }  # fmt: skip
    assert shown(hands, "supervisor")["by"] == "值班长甲"  # type: ignore[index]
    take_back(hands, wall)
    assert shown(hands) is None
    with pytest.raises(WrongState, match="没有投屏的内容"):
        take_back(hands, wall)


def test_each_kind_that_may_be_pushed(hands: Hands, paths: Paths, wall: int) -> None:
    case = paths.to("in_progress")
    paths.whistled(case, over=False)
    camera = hands.sql(
        "select id from cc.camera c join cc.camera_category k on k.code = c.category"
        " where 'screen:territory' = any(coalesce(c.view, k.view)) and c.in_use order by 1 limit 1"
    )
    for kind, entity, scene in (
        ("case", case, None), ("summons", case + 777, None), ("camera", camera, None),
        ("street", hands.org("A"), None), ("scene", None, "overview"),
    ):  # fmt: skip
        push(hands, wall, kind, entity, scene)
        told = shown(hands)
        assert told is not None and (told["kind"], told["entity_id"], told["scene"]) == (kind, entity, scene or "")


def test_a_push_is_over_at_its_time_by_the_citys_clock(hands: Hands, wall: int) -> None:
    now = travel(hands, "2026-03-17 10:00")
    push(hands, wall, "street", hands.org("A"), until=now + timedelta(minutes=10))
    assert shown(hands) is not None
    pass_time(hands, minutes=10)
    assert shown(hands) is None


@pytest.mark.parametrize("hours", [-1, 0, 24 * 7 + 1])
def test_the_end_lies_ahead_and_within_a_week(hours: int, hands: Hands, wall: int) -> None:
    now = travel(hands, "2026-03-17 10:00")
    for until in (now + timedelta(hours=hours), "infinity", "-infinity"):
        with pytest.raises(InvalidInput, match="七天之内"):
            push(hands, wall, "street", hands.org("A"), until=until)


def test_the_same_command_acts_once(hands: Hands, wall: int) -> None:
    command = uuid.uuid4()
    first = push(hands, wall, "street", hands.org("A"), command=command)
    again = push(hands, wall, "street", hands.org("B"), command=command)
    assert again["push"] == first["push"] and again["replayed"]
    assert hands.sql("select count(*) from cc.wall_push") == 1


# ---------------------------------------------------------------- who may
@pytest.mark.parametrize("login", ["screen", "dispatcher", "acceptor", "leader", "cg", "auditor", "admin", "gateway"])
def test_whoever_is_no_supervisor_pushes_nothing_and_takes_nothing_back(login: str, hands: Hands, wall: int) -> None:
    push(hands, wall, "street", hands.org("A"))
    with pytest.raises(NotAllowed, match="只有值班长"):
        push(hands, wall, "street", hands.org("B"), login=login)
    with pytest.raises(NotAllowed, match="只有值班长"):
        take_back(hands, wall, login)
    assert shown(hands)["entity_id"] == hands.org("A")  # type: ignore[index]


def test_a_streets_supervisor_knows_nothing_of_the_districts_wall_nor_of_another_streets(
    hands: Hands, wall: int
) -> None:
    add_duty(hands, "street_b", "supervisor", "B")
    add_duty(hands, "street_a", "screen", "A")
    of_a = int(announce(hands, "甲街道大厅", "street_a")["id"])
    case = hands.report()
    for which in (wall, of_a, 987_654):
        with pytest.raises(NotFound, match="没有这块大屏"):
            push(hands, which, "case", case, login="street_b")
        with pytest.raises(NotFound, match="没有这块大屏"):
            take_back(hands, which, "street_b")
    assert hands.as_person("street_b", "select cc.walls()") == []
    push(hands, of_a, "case", case)  # the district's supervisor stands above


def test_a_streets_wall_is_shown_what_lies_in_the_street(hands: Hands, paths: Paths) -> None:
    add_duty(hands, "street_a", "screen", "A")
    of_a = int(announce(hands, "甲街道大厅", "street_a")["id"])
    elsewhere = paths.to("in_progress", lon=116.0225)
    paths.whistled(elsewhere, caller="B", over=False)
    for kind, entity in (("case", elsewhere), ("summons", elsewhere + 777), ("street", hands.org("B")),
                         ("street", hands.org("T")), ("street", hands.org("D-CG"))):  # fmt: skip
        with pytest.raises(InvalidInput, match="不在这块大屏的辖区内"):
            push(hands, of_a, kind, entity)
    push(hands, of_a, "street", hands.org("A"))


def test_what_the_pusher_does_not_see_he_cannot_push(hands: Hands) -> None:
    add_duty(hands, "leader", "supervisor", "A")
    add_duty(hands, "street_a", "screen", "A")
    of_a = int(announce(hands, "甲街道大厅", "street_a")["id"])
    unseen = hands.report(lon=116.0225)
    for kind in ("case", "summons", "camera"):
        for entity in (unseen, 999_999_999):
            with pytest.raises(NotFound):
                push(hands, of_a, kind, entity, login="leader")


def test_a_camera_that_the_hall_may_not_look_at_is_not_pushed_to_it(hands: Hands, wall: int) -> None:
    closed = hands.sql("select id from cc.camera c join cc.camera_category k on k.code = c.category"
                       " where not 'screen:territory' = any(coalesce(c.view, k.view)) and c.in_use"
                       " and 'supervisor:territory' = any(coalesce(c.view, k.view)) order by 1 limit 1")  # fmt: skip
    assert closed is not None
    with pytest.raises(InvalidInput, match="大屏的岗位无权查看"):
        push(hands, wall, "camera", closed)


@pytest.mark.parametrize(("kind", "entity", "scene"), [
    ("words", None, "请张三速到指挥大厅"), ("scene", None, "请张三速到指挥大厅"), ("scene", None, "none_such"),
    ("scene", 5, "overview"), ("case", None, None), ("case", None, "overview"), ("case", 5, "overview"),
    (None, None, None), ("scene", None, ""),
])  # fmt: skip
def test_no_words_travel_and_nothing_that_is_not_there(
    kind: str, entity: int | None, scene: str | None, hands: Hands, wall: int
) -> None:
    with pytest.raises(InvalidInput):
        push(hands, wall, kind, entity, scene)
    assert hands.sql("select count(*) from cc.wall_push") == 0


def test_of_a_deployment_without_scenes_in_the_database_only_the_form_is_looked_at(hands: Hands, wall: int) -> None:
    hands.sql("delete from cc.wall_plan")
    push(hands, wall, "scene", scene="overview")
    with pytest.raises(InvalidInput, match="没有这个场景"):
        push(hands, wall, "scene", scene="a'; drop table x")


# ---------------------------------------------------------------- walls that are alive
def test_a_wall_is_alive_for_a_minute_and_a_half_after_it_announced_itself(hands: Hands, wall: int) -> None:
    def alive() -> bool:
        (told,) = hands.as_person("supervisor", "select cc.walls()")
        return bool(told["alive"])

    assert alive()
    hands.sql("update cc.wall set seen_at = seen_at - interval '91 s'")
    assert not alive()
    with pytest.raises(WrongState, match="没有在运行"):
        push(hands, wall, "street", hands.org("A"))
    announce(hands)
    assert alive()


def test_the_feed_tells_of_a_wall_that_comes_of_pushes_and_of_none_that_is_only_still_there(
    hands: Hands, wall: int
) -> None:
    def told(login: str) -> int:
        return int(hands.as_person(login, "select count(*) from cc.feed where kind = 'wall'"))

    before = told("screen")
    announce(hands)
    assert told("screen") == before
    push(hands, wall, "street", hands.org("A"))
    take_back(hands, wall)
    hands.sql("update cc.wall set seen_at = seen_at - interval '91 s'")
    announce(hands)
    assert told("screen") == told("supervisor") == before + 3
    assert told("leader") == told("cg") == 0
    add_duty(hands, "street_a", "screen", "A")
    announce(hands, "甲街道大厅", "street_a")
    assert told("leader") == 1


@pytest.mark.parametrize("name", ["", "   ", "墙" * 41, "a\nb", "\x1b[31m", None])
def test_a_wall_has_a_name_that_can_be_read(name: str | None, hands: Hands) -> None:
    with pytest.raises(InvalidInput, match="1 至 40"):
        hands.as_person("screen", "select cc.wall_announce(%s)", name)


def test_nobody_else_pretends_to_be_a_wall_and_nobody_fills_the_list(hands: Hands) -> None:
    for login in ("dispatcher", "leader", "cg", "admin", "auditor", "gateway"):
        with pytest.raises(NotAllowed, match="只有大屏或值班长"):
            announce(hands, "假墙", login)
    for number in range(50):
        announce(hands, f"墙{number}")
    with pytest.raises(InvalidInput, match="已满 50 块"):
        announce(hands, "再来一块")
    announce(hands, "墙7")


def test_two_walls_of_one_name_at_once_are_one(town: Town, hands: Hands) -> None:
    other = Hands(town)
    other.sql("begin")
    first = announce(other)
    hands.sql("set lock_timeout = '200ms'")
    with pytest.raises(DomainError):
        announce(hands)
    other.sql("commit")
    assert announce(hands)["id"] == first["id"]


# ---------------------------------------------------------------- forged
@pytest.mark.parametrize("login", ["screen", "supervisor", "admin"])
def test_no_table_of_the_wall_is_written_past_its_functions(
    login: str, town: Town, hands: Hands, wall: int
) -> None:
    push(hands, wall, "street", hands.org("A"))
    clerk = town.psql(login)
    for statement in (
        "insert into cc.wall_push (district_id, wall_id, action, kind, entity_id, at, actor_id)"
        " values (1, 1, 'push', 'case', 1, now(), 1)",
        "update cc.wall_push set entity_id = 1", "delete from cc.wall_push", "update cc.wall set push_id = null",
        "update cc.wall set org_id = 1", "insert into cc.wall_plan values (1, '{}')",
        "update cc.wall_plan set plan = '{}'", "select * from cc.unfolded_wall()",
        "select * from cc.wall", "select * from cc.place_day", "select * from cc.place_slot",
        "select * from cc.wall_fact",
        "select cc.log_push(null, null, 'push', 'case', 1, null, null)", "select cc.tell_wall(null)",
        "select cc.flow('{1}', null, now(), now())",
        "select * from cc.counted_since('{1}', null, current_date, 'UTC', true)", "select cc.fresh_facts('{1}')",
        "select * from cc.newest_steps('{1}', 100)", "select cc.wall_trend('{1}', null, now())",
    ):  # fmt: skip
        with pytest.raises(psycopg2.Error) as refused, clerk.cursor() as cursor:
            cursor.execute(statement)
        assert refused.value.pgcode == DENIED, statement


def test_the_history_is_read_by_supervisors_and_auditors_of_the_district_alone(hands: Hands, wall: int) -> None:
    push(hands, wall, "street", hands.org("A"))
    for login, rows in (("supervisor", 1), ("auditor", 1), ("screen", 0), ("dispatcher", 0), ("cg", 0), ("admin", 0)):
        assert hands.as_person(login, "select count(*) from cc.wall_push") == rows, login
    actor, login = hands.rows("select actor_id, actor_login from cc.wall_push")[0]
    assert hands.sql("select login from cc.operator where id = %s", actor) == login == "t_supervisor"


CHANGES: dict[str, Callable[[Hands], None]] = {
    "changed": lambda hands: hands.sql("update cc.wall_push set actor_id = actor_id + 1"),
    "removed": lambda hands: hands.sql("delete from cc.wall_push"),
}


@pytest.mark.parametrize("fault", CHANGES)
def test_the_record_is_append_only_and_a_superuser_who_alters_it_is_found(
    fault: str, hands: Hands, wall: int
) -> None:
    push(hands, wall, "street", hands.org("A"))
    take_back(hands, wall)
    with pytest.raises(psycopg2.Error, match="留痕只增不改"):
        CHANGES[fault](hands)
    hands.sql("select cc.run_duty()")
    assert hands.sql("select count(*) from cc.log_leaf where log = 'wall_push'") == 2
    assert hands.sql("select count(*) from cc.audit_faults()") == 0
    hands.sql("alter table cc.wall_push disable trigger append_only")
    named = hands.rows("select fault, subject from cc.audit_faults()")
    assert ("unguarded", True) in {(found, subject.startswith("wall_push")) for found, subject in named}
    CHANGES[fault](hands)
    hands.sql("alter table cc.wall_push enable trigger append_only")
    assert set(hands.rows("select fault, subject from cc.audit_faults()")) == {(fault, "wall_push")}


def test_an_entry_that_came_past_the_queue_is_named(hands: Hands, wall: int) -> None:
    push(hands, wall, "street", hands.org("A"))
    hands.sql("delete from cc.log_queue where log = 'wall_push'")
    assert hands.rows("select fault, subject from cc.audit_faults()") == [("unsealed", "wall_push")]


# ---------------------------------------------------------------- by the gateway
def test_by_the_gateway_it_is_the_same(town: Town, hands: Hands) -> None:
    screen, seat = town.session("screen").wall, town.session("supervisor").wall
    made = screen.announce("大厅主墙")
    assert made == HallWall(made.id, "大厅主墙", hands.org("T"), True, made.seen_s)
    now = town.session("screen").wall.today().as_of
    seat.push(uuid.uuid4(), made.id, "scene", scene="overview", until=now + 600)
    (wall,) = screen.walls()
    assert isinstance(wall.push, Push)
    assert (wall.push.kind, wall.push.scene, wall.push.by) == ("scene", "overview", "")
    assert wall.push.until == pytest.approx(now + 600)
    seat.push(uuid.uuid4(), made.id, "street", hands.org("A"))
    assert seat.walls()[0].push.until is None  # type: ignore[union-attr]
    seat.take_back(uuid.uuid4(), made.id)
    assert screen.announce("大厅主墙").push is None
    with pytest.raises(NotAllowed):
        screen.take_back(uuid.uuid4(), made.id)
