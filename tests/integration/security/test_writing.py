"""What a valid clerk with psql can change: what the workflow lets him, through its functions, under his own name."""

import json
import threading
import uuid
from collections.abc import Callable

import psycopg2
import pytest

from db.engine import dsn, with_login
from tests.integration.security.conftest import Cases, Psql
from tests.support.hands import Hands
from tests.support.paths import Paths
from tests.support.servers import database_url
from tests.support.town import Town
from tests.support.town_profile import password_of

pytestmark = pytest.mark.database
Open = Callable[[str], Psql]
DENIED = "42501"

# All that a clerk may call in schema cc. A new function is refused until it is put here and in policies.sql.
CALLABLE = {
    "is_active()", "me()", "has_role(text[])", "my_districts()", "my_areas()", "my_units()", "reads_text()",
    "who_am_i()", "city_now()", "clock_state()", "command_outcome(uuid)", "act(uuid,bigint,integer,text,jsonb)",
    "report_case(uuid,jsonb)", "attach(uuid,bigint,text,text,text,bytea)", "ask_reveal(bigint,bigint,text)",
    "reveal_reporter(bigint)", "near_cases(double precision,double precision,integer,interval)", "look_at(bigint)",
    "run_duty(interval)", "duty_state()", "figures(timestamp with time zone,timestamp with time zone)",
    "audit_faults()", "audit_head()", "trace_check(bigint)", "unit_figures()",
    "shift_figures(timestamp with time zone)", "load_catalogue(text,jsonb)",
    "create_operator(integer,text,text,text,jsonb)", "set_operator_active(text,boolean)", "feed_since(pg_snapshot)",
    "set_operator_password(text,text)", "my_posts()", "my_homes()", "acknowledge_notices(uuid,bigint[])",
    "case_file(bigint)", "summaries(bigint[])", "first_cases(text[],integer[],integer)",
    "attachment_content(bigint,integer)", "viewers(bigint)", "give_up_command(uuid)", "changed_rows(bigint[])",
    "joint_rows(bigint[])",
    "call_meeting(uuid,jsonb)", "meeting_act(uuid,bigint,integer,text,jsonb)", "assign_task(uuid,jsonb)",
    "task_act(uuid,bigint,integer,text,jsonb)", "meeting_file(bigint)", "task_file(bigint)",
    "attach_joint(uuid,text,bigint,integer,text,text,text,bytea)", "joint_file_content(bigint,integer)",
    "take_deliveries(integer)", "delivered(bigint,boolean,text)",
    "open_summons(uuid,text,jsonb)", "summons_act(uuid,bigint,integer,text,jsonb)",
    "lane_act(uuid,bigint,integer,integer,text,jsonb)", "summons_file(bigint)", "issue_document(uuid,bigint)",
    "check_document(text)", "save_team(uuid,jsonb)",
    "summons_conflicts(integer[],timestamp with time zone,timestamp with time zone,bigint)",
    "unit_scores(timestamp with time zone,timestamp with time zone)",
    "camera_sights()", "viewable_cameras(integer)", "camera_list()",
    "camera_near(double precision,double precision,integer)", "open_stream(integer,text,text,bigint)",
    "stream_address(bigint)", "close_viewings(bigint[])", "set_favourite(integer,boolean)",
    "save_camera_group(uuid,jsonb)", "delete_camera_group(uuid,integer,integer)",
    "attach_shot(uuid,bigint,bigint,text,text,bytea,timestamp with time zone,timestamp with time zone)",
    "begin_topic(uuid,text,date,bigint[])", "change_topic(uuid,integer,bigint[],bigint[])",
    "rename_topic(uuid,integer,integer,text,date)", "close_topic(uuid,integer,integer)",
    "begin_emergency(uuid,jsonb,text)", "note_emergency(uuid,integer,text,integer,text)",
    "end_emergency(uuid,integer,text)", "emergency_log(integer)",
    "case_shots(bigint)", "camera_envelope()", "load_cameras(bytea,text,boolean)",
    "wall_today()", "wall_month()", "wall_past()", "wall_latest(integer)",
    "wall_whistles(timestamp with time zone,timestamp with time zone)", "wall_announce(text)", "walls()",
    "push_to_wall(uuid,integer,text,bigint,text,timestamp with time zone)", "take_back(uuid,integer)",
    "report_position(double precision,double precision,timestamp with time zone)",
    "report_positions(double precision[],double precision[],timestamp with time zone[])",
    "report_workers(integer[],double precision[],double precision[],timestamp with time zone[])",
    "worker_track(integer,timestamp with time zone,timestamp with time zone)", "workers_now()",
    "ask_phone(integer,text)", "reveal_phone(bigint)", "link_worker(text,integer)",
    "replay_limits()", "replay_density(timestamp with time zone,timestamp with time zone)",
    "cases_at(timestamp with time zone)",
    "case_changes(timestamp with time zone,timestamp with time zone,integer)", "joint_at(timestamp with time zone)",
    "joint_changes(timestamp with time zone,timestamp with time zone,integer)",
}  # fmt: skip


def _callable_by(hands: Hands, login: str) -> set[str]:
    return {
        r[0] for r in hands.rows(
            "select p.proname || '(' || array_to_string(array("
            "  select format_type(t, null) from unnest(p.proargtypes) t), ',') || ')'"
            " from pg_proc p where p.pronamespace = 'cc'::regnamespace"
            f" and has_function_privilege('{login}', p.oid, 'execute')"
        )
    }  # fmt: skip


def test_a_clerk_may_call_what_is_listed_and_nothing_else(hands: Hands) -> None:
    assert _callable_by(hands, "t_cg") == CALLABLE


def test_every_table_refuses_every_kind_of_writing(psql: Open, hands: Hands, cases: Cases) -> None:
    tables = [r[0] for r in hands.rows(
        "select relname from pg_class where relnamespace = 'cc'::regnamespace and relkind in ('r','p') order by 1"
    )]  # fmt: skip
    assert "case_event" in tables and "seal" in tables
    for login in ("supervisor", "admin"):
        clerk = psql(login)
        for table in tables:
            column = hands.sql(
                "select attname from pg_attribute where attrelid = ('cc.' || %s)::regclass and attnum = 1", table
            )
            for statement in (
                f"insert into cc.{table} default values", f"update cc.{table} set {column} = {column}",
                f"delete from cc.{table}", f"truncate cc.{table}", f"drop table cc.{table} cascade",
                f"alter table cc.{table} disable row level security", f"select * from cc.{table} for update",
                f"create trigger t before insert on cc.{table} execute function cc.never()",
                f"create policy p on cc.{table} using (true)", f"create rule r as on insert to cc.{table} do nothing",
                f"create index on cc.{table} ({column})", f"comment on table cc.{table} is 'x'",
            ):  # fmt: skip
                error = clerk.refused(statement)
                assert error.pgcode == DENIED, f"{login}: {statement}: {error}"


def test_nobody_passes_on_what_he_may_do(psql: Open, hands: Hands, cases: Cases) -> None:
    """PostgreSQL only warns of a GRANT that grants nothing."""
    psql("supervisor")("grant all on cc.reveal_log, cc.cases to t_screen with grant option")
    assert psql("supervisor").refused("grant cc_operator to t_screen").pgcode == DENIED
    assert psql("screen").refused("delete from cc.cases").pgcode == DENIED


def test_no_sequence_can_be_read_or_moved(psql: Open) -> None:
    for sequence in ("case_number", "feed_number", "wake_ms"):
        for statement in (f"select nextval('cc.{sequence}')", f"select setval('cc.{sequence}', 1)",
                          f"select last_value from cc.{sequence}"):  # fmt: skip
            assert psql("supervisor").refused(statement).pgcode == DENIED


def test_nobody_becomes_somebody_else(psql: Open) -> None:
    clerk = psql("cg")
    for role in ("cc_owner", "cc_people", "postgres", "t_supervisor", "pg_signal_backend", "pg_read_all_data"):
        assert clerk.refused(f"set role {role}").pgcode == DENIED
        assert clerk.refused(f"set session authorization {role}").pgcode == DENIED
    for statement in ("grant cc_owner to t_cg", "alter role t_cg superuser", "alter role t_cg createrole",
                      "alter role t_supervisor password 'x'", "create role x login", "drop role t_ga",
                      "alter role t_cg rename to t_supervisor", "set session_replication_role = replica",
                      "alter database postgres owner to t_cg", "alter system set fsync = off"):  # fmt: skip
        assert clerk.refused(statement).pgcode in (DENIED, "0LP01", "0A000"), statement


def test_no_setting_and_no_role_changes_who_acted(psql: Open, hands: Hands, paths: Paths) -> None:
    case = paths.to("in_progress")
    clerk = psql("cg")
    clerk("begin")
    clerk("set local role cc_operator")  # the group everybody is in: allowed, and without effect
    for setting in ("app.user", "cc.user", "session.user", "request.jwt.claims"):
        clerk("select set_config(%s, 't_supervisor', true)", setting)
    clerk("set local application_name = 't_supervisor'")
    clerk("select cc.act(%s, %s, 1, 'note', '{\"text\": \"我是谁\"}')", str(uuid.uuid4()), case)
    clerk("commit")
    assert hands.rows(
        "select actor_login, actor_name from cc.case_event where case_id = %s order by seq desc limit 1", case
    ) == [("t_cg", "城管委处置")]


def test_no_search_path_leads_a_definer_function_astray(psql: Open, hands: Hands, paths: Paths) -> None:
    case = paths.to("filed")
    clerk = psql("cg")
    clerk("set search_path = pg_temp, public, cc")
    try:
        error = clerk.refused("select cc.act(%s, %s, 3, 'dispatch', '{\"unit_id\": 8}')", str(uuid.uuid4()), case)
        assert error.pgcode == "CC404"  # he still does not see it
    finally:
        clerk("reset search_path")


@pytest.mark.parametrize("statement", [
    "create temp table operator (login text)", "create temp view cases as select 1", "create table cc.x (a int)",
    "create table public.x (a int)", "create function cc.me2() returns int language sql as 'select 1'",
    "create function pg_temp.f() returns int language sql as 'select 1'", "create schema mine",
    "create extension pg_trgm schema cc",
    "create type cc.t as (a int)", "create operator cc.= (leftarg = int, rightarg = int, function = int4eq)",
    "create temp sequence s", "create or replace function cc.me() returns int language sql as 'select 1'",
    "alter function cc.me() set search_path = public", "drop function cc.never() cascade",
    "create publication p for all tables", "create event trigger e on ddl_command_start execute function cc.never()",
    "select lo_create(0)", "select lo_from_bytea(0, 'x')", "select lo_creat(-1)",
    "select pg_advisory_lock(1)", "select pg_try_advisory_xact_lock(1)", "select pg_advisory_xact_lock_shared(1, 2)",
    "vacuum full cc.cases; select 1/0", "select pg_reload_conf()", "select pg_switch_wal()", "checkpoint",
])  # fmt: skip
def test_nothing_is_created_replaced_or_stopped(statement: str, psql: Open) -> None:
    for login in ("cg", "admin"):
        assert psql(login).refused(statement).pgcode in (DENIED, "25001"), statement


def test_nobody_ends_anothers_session(psql: Open, hands: Hands) -> None:
    other = psql("ga").connection.info.backend_pid
    for function in ("pg_terminate_backend", "pg_cancel_backend"):
        assert psql("cg").refused(f"select {function}(%s)", other).pgcode == DENIED


@pytest.mark.parametrize("database", ["postgres", "template1"])
def test_our_own_server_has_no_other_database_to_get_into(database: str, shared_town: Town) -> None:
    with pytest.raises(psycopg2.OperationalError, match="permission denied for database"):
        psycopg2.connect(dsn(with_login(database_url(shared_town.server, database), "t_cg", password_of("t_cg"))))


@pytest.mark.parametrize("table", ["case_event", "reveal_log", "admin_log"])
def test_a_trace_is_not_changed_even_by_the_owner_of_its_table(table: str, hands: Hands, cases: Cases) -> None:
    """He cannot log in; this keeps a mistake in our own functions from going unnoticed."""
    with hands.trying():
        hands.sql("insert into cc.admin_log (district_id, action, subject) values (1, 'x', 'x')")
        hands.sql(
            "insert into cc.reveal_log (district_id, actor_id, case_id, reporter_id, reason) values (1, 1, 1, 1, 'x')"
        )
        hands.sql("set local role cc_owner")
        for statement in (f"update cc.{table} set district_id = 2", f"delete from cc.{table}"):
            hands.sql("savepoint attempt")
            with pytest.raises(psycopg2.Error, match="只增不改"):
                hands.sql(statement)
            hands.sql("rollback to attempt")


# ---------------------------------------------------------------- personal data
def _reporter(hands: Hands, case: int) -> int:
    return int(hands.sql("select reporter_id from cc.case_reporter where case_id = %s", case))


def test_a_look_at_personal_data_is_recorded(shared_town: Town, hands: Hands, cases: Cases) -> None:
    person = _reporter(hands, cases.in_a)
    seen = shared_town.session("acceptor").commands.reveal_reporter(cases.in_a, person, "核实联系方式")
    assert seen == ("张三丰", "13912345678", "")
    assert hands.rows(
        "select actor_login, case_id, reporter_id, reason from cc.reveal_log order by id desc limit 1"
    ) == [("t_acceptor", cases.in_a, person, "核实联系方式")]


def test_a_rollback_does_not_hide_a_look(psql: Open, hands: Hands, cases: Cases) -> None:
    clerk, person = psql("acceptor"), _reporter(hands, cases.in_a)
    before = hands.sql("select count(*) from cc.reveal_log")
    clerk("begin")
    log = clerk.one("select cc.ask_reveal(%s, %s, '看了就走')", cases.in_a, person)
    error = clerk.refused("select cc.reveal_reporter(%s)", log)
    assert error.pgcode == "CC422" and "先提交" in str(error)
    clerk("rollback")
    assert clerk.refused("select cc.reveal_reporter(%s)", log).pgcode == "CC404"
    clerk("begin")
    clerk("savepoint s")
    log = clerk.one("select cc.ask_reveal(%s, %s, '看了就走')", cases.in_a, person)
    clerk("release savepoint s")
    assert clerk.refused("select cc.reveal_reporter(%s)", log).pgcode == "CC422"
    clerk("rollback")
    assert hands.sql("select count(*) from cc.reveal_log") == before


def test_a_recorded_look_serves_its_owner_only_and_not_for_long(psql: Open, hands: Hands, cases: Cases) -> None:
    person = _reporter(hands, cases.in_a)
    log = psql("acceptor").one("select cc.ask_reveal(%s, %s, '核实联系方式')", cases.in_a, person)
    assert psql("followup").refused("select cc.reveal_reporter(%s)", log).pgcode == "CC404"
    with hands.trying():
        hands.sql("set local session_replication_role = replica")
        hands.sql("update cc.reveal_log set at = at - interval '3 minutes' where id = %s", log)
        with pytest.raises(Exception, match="过期"):
            hands.as_person("acceptor", "select cc.reveal_reporter(%s)", log)


@pytest.mark.parametrize(("login", "code"), [
    ("dispatcher", "CC403"), ("evaluator", "CC403"), ("screen", "CC403"), ("auditor", "CC403"), ("ga", "CC404"),
    ("admin", "CC404"), ("street_b", "CC404"), ("leader", "CC403"),
])  # fmt: skip
def test_who_has_no_need_sees_no_personal_data(login: str, code: str, psql: Open, hands: Hands, cases: Cases) -> None:
    person = _reporter(hands, cases.in_a)
    assert psql(login).refused("select cc.ask_reveal(%s, %s, '核实联系方式')", cases.in_a, person).pgcode == code


def test_a_look_needs_a_reason_and_a_reporter_of_that_case(psql: Open, hands: Hands, cases: Cases) -> None:
    ask = "select cc.ask_reveal(%s, %s, %s)"
    other = _reporter(hands, cases.in_b)
    assert psql("acceptor").refused(ask, cases.in_a, _reporter(hands, cases.in_a), "看").pgcode == "CC422"
    assert psql("acceptor").refused(ask, cases.in_a, other, "核实联系方式").pgcode == "CC404"


# ---------------------------------------------------------------- holding things up
def test_a_clerk_who_holds_a_transaction_open_stops_neither_the_others_nor_the_duty(
    town: Town,
) -> None:
    """He has read everything he may, and the feed's oldest day is due to go."""
    hands = Hands(town)
    hands.sql(
        "set role cc_owner; select cc.add_partition('feed', 'feed_20200101', '2020-01-01', '2020-01-02'); reset role"
    )
    hands.sql("select cc.ensure_month('2027-09-01')")
    idler = Psql(town.psql("supervisor"))
    idler("begin")
    for table in ("feed", "cases", "case_event", "case_stage"):
        idler(f"select count(*) from cc.{table}")
    done = hands.sql("select cc.run_duty()")
    assert done["feed_dropped"] == 0
    hands.sql("select cc.ensure_month('2028-01-01')")
    assert hands.report()
    idler("rollback")
    assert hands.sql("select cc.run_duty()")["feed_dropped"] == 1


def test_who_is_idle_in_a_transaction_too_long_is_put_out(town: Town) -> None:
    hands = Hands(town)
    idler, worker = town.psql("supervisor"), Psql(town.psql("cg"))
    idler.cursor().execute("begin; select count(*) from cc.cases")
    assert hands.sql("select cc.reap_sessions('1 hour')") == 0
    assert hands.sql("select cc.reap_sessions('0 s')") == 1
    with pytest.raises(psycopg2.OperationalError):
        idler.cursor().execute("select 1")
    assert worker.one("select 1") == 1
    while "elsewhere" in hands.sql("select cc.run_duty()"):  # until the ended session has let go
        pass


# ---------------------------------------------------------------- disabled
def test_a_disabled_persons_open_session_neither_reads_nor_writes(town: Town, newcomer: str) -> None:
    hands, clerk = Hands(town), town.psql(newcomer)
    case = Paths(hands).to("in_progress")
    hands.as_person("admin", "select cc.set_operator_active(%s, false)", newcomer)
    with pytest.raises(psycopg2.Error):
        clerk.cursor().execute("select * from cc.cases")
    with pytest.raises(psycopg2.OperationalError, match="not permitted to log in"):
        town.psql(newcomer)
    assert hands.events(case)[-1] == "receive"


def test_even_where_his_session_lives_on_the_disabled_see_and_do_nothing(town: Town) -> None:
    """On a server that refuses to end sessions the policies and functions hold alone."""
    hands, clerk = Hands(town), Psql(town.psql("cg"))
    case = Paths(hands).to("in_progress")
    assert clerk("select id from cc.cases") == [(case,)]
    hands.sql("update cc.operator set active = false where login = 't_cg'")
    for table in ("cases", "feed", "case_event", "org", "operator", "catalogue_item", "wf_state", "feed_epoch"):
        assert clerk(f"select * from cc.{table}") == [], table
    for call in (
        "cc.act(gen_random_uuid(), %s, 1, 'note', '{\"text\": \"x\"}')",
        "cc.trace_check(%s)",
        "cc.look_at(%s)",
    ):
        assert clerk.refused(f"select {call}", case).pgcode in ("CC401", "CC404")
    assert clerk.refused("select cc.who_am_i()").pgcode == "CC401"


def test_an_old_snapshot_does_not_let_a_disabled_person_write(town: Town) -> None:
    hands, clerk = Hands(town), Psql(town.psql("cg"))
    case = Paths(hands).to("in_progress")
    clerk("begin isolation level repeatable read")
    clerk("select 1")
    hands.sql("update cc.operator set active = false where login = 't_cg'")
    note = "select cc.act(gen_random_uuid(), %s, 1, 'note', '{\"text\": \"x\"}')"
    assert clerk.refused(note, case).pgcode == "CC422"
    clerk("rollback")


def test_a_call_that_waits_while_its_caller_is_disabled_is_not_carried_out(town: Town) -> None:
    hands, clerk = Hands(town), town.psql("cg")
    case = Paths(hands).to("in_progress")
    codes: list[str | None] = []

    def note() -> None:
        args = json.dumps({"text": "x"})
        try:
            clerk.cursor().execute("select cc.act(gen_random_uuid(), %s, 1, 'note', %s)", (case, args))
        except psycopg2.Error as error:
            codes.append(error.pgcode)

    with hands.trying():
        hands.sql("select id from cc.cases where id = %s for update", case)
        waiter = threading.Thread(target=note)
        waiter.start()
        while not hands.sql(
            "select count(*) from pg_stat_activity where usename = 't_cg' and wait_event_type = 'Lock'"
        ):
            hands.sql("select pg_sleep(0.01)")
        with town.owner.begin() as connection:
            connection.exec_driver_sql("update cc.operator set active = false where login = 't_cg'")
    waiter.join(timeout=30)
    assert codes and codes[0] in ("CC401", "CC404")
    assert hands.events(case)[-1] == "receive"
