"""Addresses and passwords of cameras are in no table, statement, log, error, plan or statistic that anybody reads."""

import json
import uuid
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import psycopg2
import pytest
from sqlalchemy import event

from commandcenter.domain.errors import DomainError
from db.engine import make_engine, with_login
from db.gateways.camera_envelope import camera_rows, sealed
from db.gateways.camera_loading import import_cameras
from db.locations import open_place
from tests.integration.security.conftest import Psql
from tests.integration.video.conftest import Numbers
from tests.support.hands import Hands
from tests.support.servers import run_home
from tests.support.town import Town
from tests.support.town_cameras import HOST, PASSWORD, USER, entry
from tests.support.town_profile import OPERATORS, password_of

pytestmark = pytest.mark.database
Open = Callable[[str], Psql]
SECRETS = (HOST, USER, PASSWORD, "hidden-main", "hidden-sub", "fresh-host", "fresh-password")
FRESH = entry(2, "FRESH", "street", 116.0028, "D-CG", main="rtsp://fresh-host/x", sub="", password="fresh-password")


def _silent(words: object) -> None:
    """Plans print their values as a row of numbers."""
    said = str(words)
    numbers = {secret: " ".join(str(byte) for byte in secret.encode()) for secret in SECRETS}
    assert not [secret for secret in SECRETS if secret in said or numbers[secret] in said], said[:400]


@pytest.mark.parametrize("login", [o.login for o in OPERATORS])
def test_no_table_that_somebody_may_read_holds_one(
    login: str, hands: Hands, shared_town: Town, cameras: Numbers
) -> None:
    shared_town.session("supervisor").cameras.open_stream(cameras["KOU"], "main", "desk")
    reader = Psql(shared_town.psql(login))
    relations = [row[0] for row in hands.rows(
        "select relname from pg_class where relnamespace = 'cc'::regnamespace and relkind in ('r','p','v') order by 1"
    )]  # fmt: skip
    readable = 0
    for relation in relations:
        try:
            _silent(reader(f"select t::text from cc.{relation} t"))
            readable += 1
        except psycopg2.errors.InsufficientPrivilege as why:
            _silent(why)
    assert readable > 40
    for view in ("pg_stats", "pg_stat_activity", "pg_stat_user_tables", "pg_stats_ext", "pg_prepared_statements",
                 "pg_cursors", "pg_settings"):  # fmt: skip
        _silent(reader(f"select t::text from {view} t"))


ATTACKS = {
    "the table": "select * from cc.camera_secret",
    "a count": "select count(*) from cc.camera_secret",
    "one column": "select main_url from cc.camera_secret",
    "a join": "select s.password from cc.camera c join cc.camera_secret s on s.camera_id = c.id",
    "a condition": "select 1 from cc.camera c where exists (select from cc.camera_secret s where s.password like 'S%')",
    "COPY": "copy cc.camera_secret to stdout",
    "XML": "select query_to_xml('select * from cc.camera_secret', true, true, '')",
    "an estimate": "explain select * from cc.camera_secret where password = 'x'",
    "a cursor": "declare c cursor with hold for select * from cc.camera_secret",
    "keys of imports": "select * from cc.camera_envelope",
    "the inner reader of envelopes": r"select cc.open_envelope('\x00')",
    "the inner writer": "select cc.put_camera(c, c, '{}') from cc.camera c",
    "a camera known to the database": "select cc.known_camera('KOU')",
    "an update": "update cc.camera_secret set main_url = 'rtsp://mine'",
    "an open list": "update cc.camera set view = '{dispatcher:territory}'",
    "an open category": "update cc.camera_category set view = '{dispatcher:territory}'",
    "a look forged": "insert into cc.camera_viewing (district_id, camera_id, actor_id, stream, purpose, began_at)"
    " values (1, 1, 1, 'main', 'desk', now())",
    "a look removed": "delete from cc.camera_viewing",
    "looks emptied": "truncate cc.camera_viewing, cc.camera_viewing_end",
    "raw statistics": "select * from pg_catalog.pg_statistic",
    "a policy": "create policy mine on cc.camera_secret using (true)",
    "a function over it": "create function cc.f() returns text language sql as 'select main_url from cc.camera_secret'",
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_refused(attack: str, psql: Open) -> None:
    for login in ("dispatcher", "supervisor", "admin", "auditor"):
        error = psql(login).refused(ATTACKS[attack])
        assert error.pgcode in ("42501", "CC404", "CC403"), error
        _silent(error)
        _silent(error.diag.message_detail)


def test_plans_printed_by_a_clerk_hold_none(psql: Open, shared_town: Town, cameras: Numbers) -> None:
    """Everybody may let the server print parse trees and plans, and send them to himself."""
    clerk = _printing(shared_town, "dispatcher")
    for camera in (cameras["XIAO"], cameras["SHUI"]):
        for _ in range(7):  # beyond the plans made for given values
            _silent(clerk.refused("select cc.open_stream(%s, 'main', 'desk')", camera))
    for _ in range(7):
        clerk("select * from cc.camera_list()")
        clerk("select * from cc.camera_near(116.0025, 40.0025, 9)")
    for _ in range(7):
        number = clerk.one("select cc.open_stream(%s, 'main', 'desk')", cameras["KOU"])
        assert HOST in clerk.one("select cc.stream_address(%s) ->> 'url'", number)  # the answer has it, no plan does
    assert clerk.connection.notices
    _silent(clerk.connection.notices)


def test_plans_of_an_import_hold_none(town: Town) -> None:
    hands, clerk = Hands(town), _printing(town, "admin")
    for n in range(7):
        rows = camera_rows([replace(FRESH, no=f"FRESH-{n % 4}", place=f"{n}")], {"D-CG": hands.org("D-CG")})
        clerk.one("select cc.load_cameras(%s, 'f')", sealed(bytes(clerk.one("select cc.camera_envelope()")), rows))
        assert len(clerk.connection.notices) > 20
        _silent(clerk.connection.notices)
        clerk.connection.notices.clear()
    assert hands.sql("select count(*) from cc.camera where no like 'FRESH%%'") == 4


def _printing(town: Town, login: str) -> Psql:
    clerk = Psql(town.psql(login))
    clerk.connection.notices = deque(maxlen=100_000)
    for setting in ("debug_print_parse", "debug_print_rewritten", "debug_print_plan"):
        clerk(f"set {setting} = on")
    clerk("set client_min_messages = debug5")
    return clerk


def test_statistics_are_not_even_gathered(hands: Hands) -> None:
    hands.sql("analyze")
    gathered = hands.rows("select distinct starelid::regclass::text from pg_statistic"
                          " where starelid::regclass::text ~ '^(cc[.])?camera'")  # fmt: skip
    assert gathered == []


def test_the_servers_log_of_everything_holds_none(town: Town) -> None:
    """On a server that is not ours every statement, parameter and error may be logged, and the log read by many."""
    hands = Hands(town)
    name = hands.sql("select current_database()")
    for setting in ("log_statement = 'all'", "log_min_duration_statement = 0", "log_min_error_statement = 'debug5'",
                    "log_parameter_max_length = -1", "log_parameter_max_length_on_error = -1", "log_duration = on",
                    "log_error_verbosity = 'verbose'", "log_min_messages = 'notice'"):  # fmt: skip
        hands.sql(f"alter database {name} set {setting}")
    mark = f"mark-{uuid.uuid4()}"
    engine = make_engine(
        with_login(town.url, "t_admin", password_of("t_admin")), application_name="log", pool_size=1
    )
    Psql(town.psql("admin"))(f"select '{mark}'")
    assert import_cameras(engine, [FRESH], "f.csv", only_check=False).added == 1
    assert import_cameras(engine, [replace(FRESH, category="none", main="ftp://fresh-host")], "f.csv",
                          only_check=False).faults  # fmt: skip
    port = town.session("supervisor").cameras
    number = hands.sql("select id from cc.camera where no = 'FRESH'")
    assert port.open_stream(number, "main", "desk").password == "fresh-password"
    clerk = Psql(town.psql("dispatcher"))
    clerk.refused("select cc.stream_address(%s)", 1)
    clerk.refused("select cc.open_stream(%s, 'main', 'desk')", hands.sql("select id from cc.camera where no = 'XIAO'"))
    key = bytes(hands.as_person("admin", "select cc.camera_envelope()"))
    rubbish = sealed(key, ('[{"main": "rtsp://fresh-host/", "password": "fresh-password"' + "]").encode())
    assert hands.as_person("admin", "select cc.load_cameras(%s, 'x')", rubbish)["errors"]
    engine.dispose()
    place = open_place(run_home())
    logged = "".join(file.read_text(errors="replace") for file in place.log.glob("*.log"))
    after = logged[logged.index(mark):]
    assert "load_cameras" in after and "stream_address" in after and "CC404" in after
    _silent(after)
    assert b"fresh-password".hex() not in after and PASSWORD.encode().hex() not in after


def test_no_statement_of_the_program_holds_one(town: Town) -> None:
    said: list[object] = []
    engine = make_engine(with_login(town.url, "t_admin", password_of("t_admin")), application_name="s", pool_size=1)

    def hear(conn: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
        said.append((statement, {k: bytes(v) for k, v in dict(parameters).items() if isinstance(v, bytes)}, parameters))

    event.listen(engine, "before_cursor_execute", hear)
    import_cameras(engine, [FRESH], "f.csv", only_check=False)
    engine.dispose()
    assert any("load_cameras" in str(s) for s in said)
    _silent(said)


def test_no_error_of_the_gateway_holds_one(town: Town, hands: Hands) -> None:
    engine = make_engine(with_login(town.url, "t_cg", password_of("t_cg")), application_name="s", pool_size=1)
    with pytest.raises(DomainError) as refused:
        import_cameras(engine, [FRESH], "f.csv", only_check=False)
    engine.dispose()
    _silent(repr(refused.value))
    _silent(FRESH)
    _silent(json.dumps(dict(refused.value.detail)))


def test_the_trace_of_an_import_holds_none(town: Town) -> None:
    hands = Hands(town)
    engine = make_engine(with_login(town.url, "t_admin", password_of("t_admin")), application_name="s", pool_size=1)
    import_cameras(engine, [FRESH], "f.csv", only_check=False)
    engine.dispose()
    for table in ("admin_log", "feed", "command_log", "log_queue", "camera"):
        _silent(hands.rows(f"select t::text from cc.{table} t"))
    assert hands.sql("select count(*) from cc.camera_envelope") == 0
