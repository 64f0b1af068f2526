"""What a clerk with psql tries on positions: others', the past, the future, outside the world, and a flood of them."""

from collections.abc import Callable

import psycopg2
import pytest

from commandcenter.domain.errors import InvalidInput, NotAllowed, NotFound
from tests.integration.map.conftest import IN_A1, IN_B1, Phones
from tests.integration.security.conftest import Psql

pytestmark = pytest.mark.database
Open = Callable[[str], Psql]
LON, LAT = IN_A1
NOW = "array[cc.city_now()]"
HERE = f"array[{LON}], array[{LAT}]"


@pytest.mark.parametrize("login", ["supervisor", "leader", "cg", "screen", "admin", "gateway", "channel", "auditor"])
def test_only_a_grid_worker_reports_himself(login: str, phones: Phones, psql: Open) -> None:
    error = psql(login).refused(f"select cc.report_positions({HERE}, {NOW})")
    assert error.pgcode == "CC403" and "网格员" in str(error)


@pytest.mark.parametrize("login", ["grid_a1", "grid_worker", "supervisor", "cg", "screen", "admin", "gateway"])
def test_only_a_channel_reports_others(login: str, phones: Phones, psql: Open) -> None:
    for worker in (phones.worker, phones.mate):
        assert psql(login).refused(f"select cc.report_workers(array[{worker}], {HERE}, {NOW})").pgcode == "CC403"


def test_a_login_that_is_nobody_of_a_team_is_told_so(phones: Phones) -> None:
    with pytest.raises(NotAllowed, match="联系管理员"):
        phones.own([(LON, LAT, phones.now())], "grid_worker")


def test_a_worker_whose_duty_moved_away_reports_no_more(phones: Phones) -> None:
    with phones.hands.trying():
        phones.hands.sql("update cc.duty set org_id = (select id from cc.org where key = 'B1') where operator_id ="
                         " (select id from cc.operator where login = 't_grid_a1')")  # fmt: skip
        with pytest.raises(NotAllowed, match="不在该网格"):
            phones.own([(LON, LAT, phones.now())])


def test_nobody_writes_the_tables_themselves(phones: Phones, psql: Open) -> None:
    phones.own([(LON, LAT, phones.now())])
    for login in ("grid_a1", "channel", "supervisor", "admin"):
        clerk = psql(login)
        for statement in (
            f"update cc.worker_position set lon = 0 where worker_id = {phones.far}",
            "delete from cc.worker_position", "delete from cc.patrol_track", "select * from cc.patrol_track",
            f"insert into cc.patrol_track values (1, {phones.far}, now(), 116, 40, false)",
            "select stood_lon, heard_at from cc.worker_position", "select * from cc.grid_phone",
            f"select cc.store_points({phones.far}, {HERE}, {NOW})", f"select cc.member_place({phones.far})",
            f"select cc.tell_positions(array[{phones.far}])", "select cc.tell_late()",
            "select cc.drop_old_tracks('infinity', -1000)",
        ):  # fmt: skip
            assert clerk.refused(statement).pgcode == "42501", f"{login}: {statement}"


def test_no_track_is_changed_even_by_its_table(phones: Phones) -> None:
    phones.own([(LON, LAT, phones.now())])
    for statement in ("update cc.patrol_track set lon = 0", "delete from cc.patrol_track"):
        with pytest.raises(psycopg2.Error, match="只增不改"):
            phones.hands.sql(statement)
    guarded = "select subject from cc.guard_faults()"
    with phones.hands.trying():
        phones.hands.sql("alter table cc.patrol_track disable trigger append_only")
        assert ("patrol_track.append_only",) in phones.hands.rows(guarded)


WRONG = ["NaN", "Infinity", "-Infinity", "180.001", "-180.001", "1e300", "null"]


@pytest.mark.parametrize("value", WRONG)
def test_a_place_outside_the_world_is_refused_with_all_that_came_along(value: str, phones: Phones, psql: Open) -> None:
    now = "array[cc.city_now(), cc.city_now() - interval '1 minute']"
    lat = "90.001" if value == "180.001" else "-90.001" if value == "-180.001" else value
    for lons, lats in ((f"'{{116.0025,{value}}}'", "'{40,40}'"), ("'{116.0025,116}'", f"'{{40,{lat}}}'")):
        error = psql("grid_a1").refused(f"select cc.report_positions({lons}::float8[], {lats}::float8[], {now})")
        assert error.pgcode == "CC422" and "第 2 个" in str(error)
        workers = f"array[{phones.worker},{phones.worker}]"
        error = psql("channel").refused(
            f"select cc.report_workers({workers}, {lons}::float8[], {lats}::float8[], {now})"
        )
        assert error.pgcode == "CC422"
    assert phones.track(phones.worker) == []


@pytest.mark.parametrize(
    ("at", "words"),
    [("cc.city_now() + interval '3 minutes'", "校准"), ("'infinity'", "校准"), ("null", "校准"),
     ("cc.city_now() - interval '1 day 1 second'", "一天"), ("'-infinity'", "一天"), ("'4713-01-01 BC'", "一天")],
)  # fmt: skip
def test_a_time_to_come_or_long_past_is_refused(at: str, words: str, phones: Phones, psql: Open) -> None:
    error = psql("grid_a1").refused(f"select cc.report_positions({HERE}, array[({at})::timestamptz])")
    assert error.pgcode == "CC422" and words in str(error)
    assert phones.track(phones.worker) == []


def test_the_edges_of_the_time_are_taken(phones: Phones) -> None:
    now = phones.now()
    assert phones.own([(LON, LAT, now + 60), (LON, LAT, now - 86_300)]) == 2


@pytest.mark.parametrize(
    "arrays",
    ["null, null, null", "'{}', '{}', '{}'", "'{116}', '{40,40}', array[cc.city_now()]", "'{116}', '{40}', null",
     "'{{116}}', '{{40}}', array[array[cc.city_now()]]", "'{116,116}', '{40,40}', array[cc.city_now()]",
     "'{116}', null, array[cc.city_now()]"],
)  # fmt: skip
def test_arrays_that_do_not_fit_are_refused(arrays: str, phones: Phones, psql: Open) -> None:
    assert psql("grid_a1").refused(f"select cc.report_positions({arrays})").pgcode == "CC422"
    assert psql("channel").refused(f"select cc.report_workers('{{{phones.mate}}}', {arrays})").pgcode == "CC422"


@pytest.mark.parametrize("workers", ["null", "'{}'", "'{1,1}'", "'{{1}}'"])
def test_every_point_names_its_worker(workers: str, phones: Phones, psql: Open) -> None:
    error = psql("channel").refused(f"select cc.report_workers({workers}, {HERE}, {NOW})")
    assert error.pgcode == "CC422"


def test_a_platform_reports_for_nobody_who_is_not_there(phones: Phones, psql: Open) -> None:
    now = phones.now()
    for worker in (0, -1, 2**31 - 1):
        with pytest.raises(NotFound, match="没有编号"):
            phones.of(worker, [(LON, LAT, now)])
    error = psql("channel").refused(f"select cc.report_workers('{{{phones.mate},null}}', '{{116,116}}', '{{40,40}}',"
                                    " array[cc.city_now(), cc.city_now()])")  # fmt: skip
    assert error.pgcode == "CC404"
    assert phones.track(phones.mate) == []


def test_a_platform_of_a_street_reports_for_that_street_only(phones: Phones) -> None:
    now = phones.now()
    with phones.hands.trying():
        phones.hands.sql("update cc.duty set org_id = (select id from cc.org where key = 'A') where role = 'channel'")
        assert phones.of(phones.mate, [(LON, LAT, now)]) == 1
        with pytest.raises(NotFound):
            phones.of(phones.far, [(*IN_B1, now)])
    with phones.hands.trying():
        phones.hands.sql(
            "update cc.duty set org_id = (select id from cc.org where key = 'D-CG') where role = 'channel'"
        )
        with pytest.raises(NotFound):
            phones.of(phones.mate, [(LON, LAT, now)])


def test_no_old_snapshot_reports(phones: Phones, psql: Open) -> None:
    clerk = psql("grid_a1")
    clerk("begin isolation level repeatable read")
    assert clerk.refused(f"select cc.report_positions({HERE}, {NOW})").pgcode == "CC422"
    clerk("rollback")


def test_somebody_disabled_reports_no_more(phones: Phones) -> None:
    with phones.hands.trying():
        phones.hands.sql("update cc.operator set active = false where login = 't_grid_a1'")
        with pytest.raises(Exception, match="停用"):
            phones.own([(LON, LAT, phones.now())])


def test_a_flood_leaves_a_point_a_second_and_a_word_in_three(phones: Phones, psql: Open) -> None:
    clerk, began = psql("grid_a1"), phones.now()
    for _ in range(20):
        clerk(f"select cc.report_position({LON}, {LAT}, cc.city_now())"
              f" from generate_series(1, 50)")  # fmt: skip
    seconds = phones.now() - began + 1
    assert 1 <= len(phones.track(phones.worker)) <= seconds + 1
    assert 1 <= len(phones.told()) <= seconds / 3 + 1
    assert phones.hands.sql("select count(*) from cc.worker_position") == 1


def test_the_places_of_others_cannot_be_had_by_estimates(phones: Phones) -> None:
    for n in range(30):
        phones.of(phones.far, [(*IN_B1, phones.now() - n)])
    phones.hands.sql("analyze cc.worker_position")
    rows = phones.hands.rows("select attname from pg_stats where schemaname = 'cc' and tablename = 'worker_position'"
                             " and attname in ('lon', 'lat')")  # fmt: skip
    assert rows == []


# ---------------------------------------------------------------- logins and people
def test_an_administrator_says_which_login_is_whom(phones: Phones) -> None:
    link = "select cc.link_worker(%s, %s)"
    hands = phones.hands
    for login in ("supervisor", "grid_a1", "leader", "channel"):
        with pytest.raises(NotAllowed):
            hands.as_person(login, link, "t_grid_a1", phones.far)
    with pytest.raises(NotFound):
        hands.as_person("admin", link, "nobody_at_all", phones.worker)
    with pytest.raises(NotFound):
        hands.as_person("admin", link, "t_grid_a1", 2**31 - 1)
    with pytest.raises(InvalidInput, match="不是此处"):
        hands.as_person("admin", link, "t_grid_a1", phones.far)
    with pytest.raises(InvalidInput, match="不是此处"):
        hands.as_person("admin", link, "t_cg", phones.worker)
    with pytest.raises(InvalidInput, match="另一个账号"):
        hands.as_person("admin", link, "t_grid_worker", phones.worker)
    with hands.trying():
        hands.as_person("admin", link, "t_grid_a1", phones.mate)
        assert hands.rows("select id from cc.grid_team where operator_id is not null") == [(phones.mate,)]
        hands.as_person("admin", link, "t_grid_a1", None)
        assert hands.rows("select id from cc.grid_team where operator_id is not null") == []
        log = "select action, subject, detail from cc.admin_log order by id desc limit 2"
        assert hands.rows(log) == [("link_worker", "t_grid_a1", {"member": None}),
                                   ("link_worker", "t_grid_a1", {"member": phones.mate})]  # fmt: skip
