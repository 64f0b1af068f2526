"""Who sees that a camera is there, who may look, and that nobody looks without a record."""

import time
from collections.abc import Callable

import pytest

from commandcenter.domain.errors import InvalidInput, NotAllowed, NotFound, TooLate, WrongState
from db.cli.audit_words import verify
from db.cli.station import Station
from db.gateways.audit import faults
from tests.integration.security.conftest import Psql
from tests.integration.video.conftest import Numbers
from tests.support.hands import Hands
from tests.support.town import Town
from tests.support.town_cameras import HOST, PASSWORD, USER

pytestmark = pytest.mark.database
Open = Callable[[str], Psql]
ALL = {"KOU", "XIAO", "CHE", "YI", "SHUI", "TING"}
IN_A = {"KOU", "XIAO", "CHE", "TING"}

# Whom the town's duties let see a camera, and look at its picture.
SIGHT = {
    "supervisor": (ALL, ALL - {"SHUI"}), "dispatcher": (ALL, {"KOU", "YI", "TING"}),
    "screen": (ALL, {"KOU", "YI", "TING"}), "auditor": (ALL, set()), "acceptor": (ALL, set()),
    "street_dispatcher": (IN_A, {"KOU", "CHE", "TING"}), "leader": (IN_A, {"KOU", "TING"}),
    "leader_b": ({"YI", "SHUI"}, {"YI"}),
    "cg": ({"XIAO"}, {"XIAO"}), "ga": (ALL, {"KOU", "TING", "YI", "CHE"}), "sw": ({"SHUI"}, {"SHUI"}),
    "pcs": (IN_A, {"CHE"}), "street_a": (IN_A, {"CHE"}), "community": ({"KOU", "XIAO"}, set()),
    "admin": (set(), set()), "gateway": (set(), set()),
}  # fmt: skip


@pytest.mark.parametrize("login", SIGHT)
def test_who_sees_a_camera_and_who_may_look_at_its_picture(login: str, shared_town: Town, psql: Open) -> None:
    seen, viewable = SIGHT[login]
    if login == "gateway":
        assert psql(login)("select * from cc.camera_list()") == []
        return
    found = shared_town.session(login).cameras.cameras()
    assert {c.no for c in found} == seen == {row[0] for row in psql(login)("select no from cc.camera")}
    assert {c.no for c in found if c.may_view} == viewable


@pytest.mark.parametrize("login", [login for login in SIGHT if login != "gateway"])
def test_the_picture_is_opened_by_the_same_rule(login: str, shared_town: Town, hands: Hands, cameras: Numbers) -> None:
    seen, viewable = SIGHT[login]
    port = shared_town.session(login).cameras
    before = hands.sql("select count(*) from cc.camera_viewing")
    for no in sorted(ALL):
        if no not in seen:
            with pytest.raises(NotFound):
                port.open_stream(cameras[no], "main", "desk")
        elif no not in viewable:
            with pytest.raises(NotAllowed, match="无权查看"):
                port.open_stream(cameras[no], "main", "desk")
        elif no == "TING":
            with pytest.raises(WrongState, match="停用"):
                port.open_stream(cameras[no], "main", "desk")
        else:
            address = port.open_stream(cameras[no], "main", "desk")
            assert address.url == f"rtsp://{HOST}:554/{no}/hidden-main"
            assert (address.user, address.password) == (USER, PASSWORD)
            assert address.transport == ("udp" if no == "XIAO" else "tcp")
    opened = viewable - {"TING"}
    assert hands.sql("select count(*) from cc.camera_viewing") - before == len(opened)


def test_an_address_is_in_no_words_of_its_value(shared_town: Town, cameras: Numbers) -> None:
    address = shared_town.session("supervisor").cameras.open_stream(cameras["KOU"], "sub", "wall")
    assert address.url.endswith("hidden-sub")
    assert HOST not in repr(address) and USER not in repr(address) and PASSWORD not in repr(address)


def test_what_cannot_be_opened_is_said(shared_town: Town, cameras: Numbers) -> None:
    port = shared_town.session("supervisor").cameras
    with pytest.raises(InvalidInput, match="没有子码流"):
        port.open_stream(cameras["CHE"], "sub", "desk")
    with pytest.raises(InvalidInput):
        port.open_stream(cameras["KOU"], "third", "desk")
    with pytest.raises(InvalidInput, match="用途"):
        port.open_stream(cameras["KOU"], "main", "curiosity")
    with pytest.raises(InvalidInput, match="案件"):
        port.open_stream(cameras["KOU"], "main", "case")
    with pytest.raises(NotFound):
        port.open_stream(cameras["KOU"], "main", "case", 1)
    with pytest.raises(NotFound):
        port.open_stream(2_000_000_000, "main", "desk")


# ---------------------------------------------------------------- records
def test_a_rollback_hides_no_look(psql: Open, hands: Hands, cameras: Numbers) -> None:
    clerk = psql("supervisor")
    before = hands.sql("select count(*) from cc.camera_viewing")
    for around in ("begin", "begin; savepoint s"):
        clerk(around)
        number = clerk.one("select cc.open_stream(%s, 'main', 'desk')", cameras["KOU"])
        error = clerk.refused("select cc.stream_address(%s)", number)
        assert error.pgcode == "CC422" and "先提交" in str(error) and HOST not in str(error)
        clerk("rollback")
        assert clerk.refused("select cc.stream_address(%s)", number).pgcode == "CC404"
    assert hands.sql("select count(*) from cc.camera_viewing") == before
    clerk("begin isolation level repeatable read")
    assert clerk.refused("select cc.open_stream(%s, 'main', 'desk')", cameras["KOU"]).pgcode == "CC422"
    clerk("rollback")


def test_a_record_gives_the_address_to_its_owner_while_it_is_fresh_and_he_may(
    psql: Open, hands: Hands, cameras: Numbers
) -> None:
    number = psql("supervisor").one("select cc.open_stream(%s, 'main', 'desk')", cameras["KOU"])
    assert psql("dispatcher").refused("select cc.stream_address(%s)", number).pgcode == "CC404"
    assert "hidden-main" in psql("supervisor").one("select cc.stream_address(%s) ->> 'url'", number)
    ask = "select cc.stream_address(%s)"
    with hands.trying():
        hands.sql("set local session_replication_role = replica")
        hands.sql("update cc.camera_viewing set recorded_at = recorded_at - interval '3 minutes' where id = %s", number)
        with pytest.raises(NotFound, match="过期"):
            hands.as_person("supervisor", ask, number)
    with hands.trying():
        hands.sql("update cc.camera set view = '{}' where no = 'KOU'")
        with pytest.raises(NotAllowed):
            hands.as_person("supervisor", ask, number)
    with hands.trying():
        hands.sql("update cc.camera set in_use = false where no = 'KOU'")
        with pytest.raises(WrongState):
            hands.as_person("supervisor", ask, number)
    psql("supervisor")("select cc.close_viewings(%s)", [number])
    assert psql("supervisor").refused(ask, number).pgcode == "CC423"


def test_a_rotation_that_comes_back_is_one_look_for_an_hour(
    shared_town: Town, psql: Open, hands: Hands, cameras: Numbers
) -> None:
    port = shared_town.session("dispatcher2").cameras
    first = port.open_stream(cameras["KOU"], "sub", "rotation")
    assert port.open_stream(cameras["KOU"], "sub", "rotation") == first
    others = [port.open_stream(cameras["KOU"], "main", "rotation"), port.open_stream(cameras["YI"], "sub", "rotation"),
              port.open_stream(cameras["KOU"], "sub", "desk"), port.open_stream(cameras["KOU"], "sub", "desk"),
              shared_town.session("dispatcher").cameras.open_stream(cameras["KOU"], "sub", "rotation")]  # fmt: skip
    assert len({first.viewing, *(o.viewing for o in others)}) == 6
    open_it = "select cc.open_stream(%s, 'sub', 'rotation')"
    for minutes, same in (("57", True), ("59", False)):
        with hands.trying():
            hands.sql("set local session_replication_role = replica")
            hands.sql("update cc.camera_viewing set recorded_at = recorded_at - make_interval(mins => %s),"
                      " began_at = began_at - make_interval(mins => %s) where id = %s",
                      int(minutes), int(minutes), first.viewing)  # fmt: skip
            assert (hands.as_person("dispatcher2", open_it, cameras["KOU"]) == first.viewing) is same
            ask = "select cc.stream_address(%s) ->> 'url'"
            assert "hidden-sub" in hands.as_person("dispatcher2", ask, first.viewing)
    port.close_viewings([first.viewing])
    assert port.open_stream(cameras["KOU"], "sub", "rotation").viewing != first.viewing
    clerk = psql("supervisor")
    clerk("begin")
    number = clerk.one(open_it, cameras["KOU"])
    assert clerk.one(open_it, cameras["KOU"]) == number
    assert clerk.refused("select cc.stream_address(%s)", number).pgcode == "CC422"
    clerk("rollback")


def test_a_stream_that_was_taken_away_is_not_given(hands: Hands, shared_town: Town, cameras: Numbers) -> None:
    number = shared_town.session("supervisor").cameras.open_stream(cameras["KOU"], "sub", "desk").viewing
    with hands.trying():
        hands.sql("update cc.camera set streams = '{main}' where no = 'KOU'")
        with pytest.raises(WrongState, match="已没有"):
            hands.as_person("supervisor", "select cc.stream_address(%s)", number)


def test_one_reads_his_own_looks_and_the_auditor_all(shared_town: Town, hands: Hands, cameras: Numbers) -> None:
    now = float(hands.sql("select extract(epoch from cc.city_now())"))
    mine, others = shared_town.session("dispatcher").cameras, shared_town.session("supervisor").cameras
    looked = mine.open_stream(cameras["KOU"], "main", "desk").viewing
    other = others.open_stream(cameras["YI"], "sub", "rotation").viewing
    assert {v.id for v in mine.viewings(now - 1, now + 60)} >= {looked}
    assert other not in {v.id for v in mine.viewings(0, now + 60)}
    auditor = shared_town.session("auditor").cameras
    seen = {v.id: v for v in auditor.viewings(now - 1, now + 60)}
    assert seen[other].purpose == "rotation" and seen[other].stream == "sub" and seen[other].ended_at is None
    of_one = auditor.viewings(0, now + 60, cameras["YI"])
    assert of_one[0].id == other and {v.camera_id for v in of_one} == {cameras["YI"]}
    assert {v.actor_id for v in of_one} > {of_one[0].actor_id}
    assert auditor.viewings(now + 3600, now + 7200) == []
    newest_first = [v.id for v in auditor.viewings(0, now + 60)]
    assert newest_first == sorted(newest_first, reverse=True)


def test_a_look_is_ended_by_its_owner_once(shared_town: Town, hands: Hands, cameras: Numbers) -> None:
    mine, others = shared_town.session("dispatcher").cameras, shared_town.session("supervisor").cameras
    number = mine.open_stream(cameras["KOU"], "main", "desk").viewing
    others.close_viewings([number])
    assert hands.sql("select count(*) from cc.camera_viewing_end where id = %s", number) == 0
    mine.close_viewings([number, 99_999_999])
    ended = hands.rows("select ended_at from cc.camera_viewing_end where id = %s", number)
    assert len(ended) == 1
    mine.close_viewings([number])
    assert hands.rows("select ended_at from cc.camera_viewing_end where id = %s", number) == ended
    mine.close_viewings([])
    assert mine.viewings(0, time.time() + 1e6)[0].ended_at is not None


def test_looks_are_sealed_and_an_edit_is_named(shared_town: Town, hands: Hands, cameras: Numbers) -> None:
    port = shared_town.session("dispatcher").cameras
    numbers = [port.open_stream(cameras["KOU"], "main", "desk").viewing for _ in range(2)]
    port.close_viewings(numbers)
    hands.sql("select cc.seal_events()")
    assert faults(shared_town.owner) == []
    named = "select fault, subject, entry from cc.audit_faults() order by 1, 2, 3"
    edits = {
        "camera_viewing": (
            "camera_id = camera_id + 1", "actor_id = actor_id + 1", "actor_login = 't_ga'", "stream = 'sub'",
            "purpose = 'wall'", "case_id = 7", "began_at = began_at - interval '1 s'",
            "recorded_at = recorded_at - interval '1 microsecond'", "xid = '5'",
        ),
        "camera_viewing_end": (
            "actor_id = actor_id + 1", "ended_at = ended_at - interval '1 s'",
            "recorded_at = recorded_at + interval '1 microsecond'",
        ),
    }  # fmt: skip
    for table, changes in edits.items():
        for change in changes:
            with hands.trying():
                hands.sql("set local session_replication_role = replica")
                hands.sql(f"update cc.{table} set {change} where id = %s", numbers[0])
                assert hands.rows(named) == [("changed", table, numbers[0])], change
        with hands.trying():
            hands.sql("set local session_replication_role = replica")
            hands.sql(f"delete from cc.{table} where id = %s", numbers[0])
            assert hands.rows(named) == [("removed", table, numbers[0])]
        with hands.trying():
            hands.sql("set local session_replication_role = replica")
            columns = hands.sql(
                "select string_agg(attname::text, ', ') from pg_attribute where attrelid = ('cc.' || %s)::regclass"
                " and attnum > 0 and attname <> 'id'", table,
            )  # fmt: skip
            hands.sql(f"insert into cc.{table} (id, {columns}) overriding system value select 900001, {columns}"
                      f" from cc.{table} where id = %s", numbers[0])  # fmt: skip
            assert hands.rows(named) == [("unsealed", table, 900001)]
    for guard in ("append_only", "queue_log"):
        with hands.trying():
            hands.sql(f"alter table cc.camera_viewing disable trigger {guard}")
            assert hands.rows("select subject from cc.guard_faults()") == [(f"camera_viewing.{guard}",)]


def test_the_auditors_word_names_the_log(town: Town) -> None:
    hands = Hands(town)
    port = town.session("dispatcher").cameras
    look = port.open_stream(Numbers(hands)["KOU"], "main", "desk").viewing
    port.close_viewings([look])
    hands.sql("select cc.seal_events()")
    assert verify(Station(town.url)).ok
    hands.sql("set session_replication_role = replica")
    hands.sql("update cc.camera_viewing set actor_login = 't_ga'")
    hands.sql("delete from cc.camera_viewing_end")
    said = "\n".join(verify(Station(town.url)).lines)
    assert f"留痕被改动：区 1 查看摄像机记录 第 {look} 条" in said
    assert f"留痕被删除：区 1 结束查看摄像机记录 第 {look} 条" in said


@pytest.mark.parametrize("table", ["camera_viewing", "camera_viewing_end", "camera_evidence"])
def test_a_record_is_not_changed_even_by_the_owner_of_its_table(table: str, hands: Hands) -> None:
    with hands.trying():
        hands.sql("set local session_replication_role = replica")
        hands.sql({
            "camera_viewing": "insert into cc.camera_viewing (district_id, camera_id, actor_id, stream, purpose,"
            " began_at) values (1, 1, 1, 'main', 'desk', now())",
            "camera_viewing_end": "insert into cc.camera_viewing_end values (1, 1, 1, now()) on conflict do nothing",
            "camera_evidence": "insert into cc.camera_evidence values (1, 1, 1, 1, 1, now(), now(), 'x')",
        }[table])  # fmt: skip
        hands.sql("set local session_replication_role = origin")
        hands.sql("set local role cc_owner")
        for statement in (f"update cc.{table} set district_id = 2", f"delete from cc.{table}"):
            hands.sql("savepoint attempt")
            with pytest.raises(Exception, match="只增不改"):
                hands.sql(statement)
            hands.sql("rollback to attempt")


# ---------------------------------------------------------------- near, favourites
def test_the_nearest_come_first_with_exact_metres(shared_town: Town, cameras: Numbers) -> None:
    port = shared_town.session("supervisor").cameras
    found = port.near(116.0025, 40.0025, 4)
    assert [n.camera_id for n in found] == [cameras[no] for no in ("KOU", "XIAO", "CHE", "YI")]
    assert found[0].metres == 0 and found[1].metres == pytest.approx(42.59, abs=0.1)
    assert found[2].metres == pytest.approx(851.8, abs=1)
    assert cameras["TING"] not in {n.camera_id for n in port.near(116.0135, 40.0025, 100)}  # out of use
    assert [n.camera_id for n in shared_town.session("leader_b").cameras.near(116.0025, 40.0025, 1)] == [cameras["YI"]]
    assert port.near(116.0025, 41.0, 5) == []  # 110 km away
    assert len(port.near(116.3, 40.0025, 9)) == 5  # 25 km
    assert port.near(116.0025, 40.0025, 0) == []
    with pytest.raises(InvalidInput):
        port.near(float("nan"), 40.0, 3)


def test_favourites_are_ones_own(shared_town: Town, cameras: Numbers) -> None:
    mine, others = shared_town.session("leader").cameras, shared_town.session("dispatcher").cameras
    for _ in range(2):
        mine.set_favourite(cameras["KOU"], True)
    mine.set_favourite(cameras["XIAO"], True)  # to be found again, though he may not look
    assert mine.favourites() == {cameras["KOU"], cameras["XIAO"]}
    assert others.favourites() == frozenset()
    mine.set_favourite(cameras["XIAO"], False)
    assert mine.favourites() == {cameras["KOU"]}
    with pytest.raises(NotFound):
        mine.set_favourite(cameras["YI"], True)


def test_categories_come_in_the_order_of_the_file(shared_town: Town) -> None:
    found = shared_town.session("cg").cameras.categories()
    assert [c.code for c in found] == ["street", "school", "car_park"]
    assert found[1].label == "学校" and found[1].view == ("supervisor:territory", "handler:owner")


def test_too_late_is_told_apart(hands: Hands) -> None:
    with pytest.raises(TooLate, match="重新导入"):
        hands.as_person("admin", r"select cc.load_cameras('\x0102', 'x')")
