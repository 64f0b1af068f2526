"""Attacks by a valid clerk with psql: each is refused, or has no effect, and nothing has changed afterwards."""

import json
import uuid
from collections.abc import Callable
from contextlib import nullcontext, suppress

import psycopg2
import pytest

from tests.integration.security.conftest import Cases, Psql
from tests.support.hands import Hands
from tests.support.paths import Paths
from tests.support.town import Town

pytestmark = pytest.mark.database
Open = Callable[[str], Psql]

# Everything that an attack could have changed, as one digest: rights, rules, code, people, cases and their trace.
STATE = """
select md5(string_agg(x, '|' order by x)) from (
  select concat('policy', polname, polrelid, polroles, pg_get_expr(polqual, polrelid)) as x from pg_policy
  union all select concat('relation', oid, relacl, relowner, relrowsecurity, relispartition) from pg_class
             where relnamespace = 'cc'::regnamespace
  union all select concat('function', oid, proacl, proowner, prosrc, proconfig, prosecdef) from pg_proc
             where pronamespace = 'cc'::regnamespace
  union all select concat('trigger', oid, tgname, tgenabled) from pg_trigger
  union all select concat('schema', nspname, nspacl, nspowner) from pg_namespace where nspname !~ '^pg_(toast_)?temp'
  union all select concat('database', datname, datacl, datdba) from pg_database where datname = current_database()
  union all select concat('role', to_jsonb(r)) from pg_roles r where rolname ~ '^(cc_|t_)' and rolname !~ '^t_[xy]'
  union all select concat('member', roleid, member, admin_option) from pg_auth_members
             where member in (select oid from pg_roles where rolname !~ '^t_[xy]')
  union all select concat('case', to_jsonb(c)) from cc.cases c
  union all select concat('event', to_jsonb(e)) from cc.case_event e
  union all select concat('detail', to_jsonb(d)) from cc.case_detail d
  union all select concat('operator', to_jsonb(o)) from cc.operator o
  union all select concat('duty', to_jsonb(d)) from cc.duty d
  union all select concat('clock', to_jsonb(k)) from cc.clock k
  union all select concat('admin', to_jsonb(a)) from cc.admin_log a
  union all select concat('reveal', to_jsonb(l)) from cc.reveal_log l
  union all select concat('seal', to_jsonb(s)) from cc.seal s
  union all select concat('large object', oid) from pg_largeobject_metadata) everything"""

REFUSED = {
    # ---- becoming somebody else, or more
    "bypassing row security by an attribute": "alter role t_cg bypassrls",
    "more connections for oneself": "alter role t_cg connection limit 1000",
    "a login that never ends": "alter role t_cg valid until 'infinity'",
    "locking a colleague out": "alter role t_ga nologin",
    "settings for everybody": "alter role all set work_mem = '1GB'",
    "settings for the group": "alter role cc_operator set search_path = pg_temp",
    "settings for the database": "alter database template1 set search_path = pg_temp",
    "libraries loaded at login": "alter role t_cg set session_preload_libraries = 'x'",
    "a library loaded now": "load 'auto_explain'",
    "owning what the owner owns": "reassign owned by cc_owner to t_cg",
    "dropping what the owner owns": "drop owned by cc_owner cascade",
    "dropping what a colleague owns": "drop owned by t_ga",
    "the session's identity by set_config": "select set_config('session_authorization', 't_supervisor', false)",
    "the role by set_config": "select set_config('role', 'cc_owner', false)",
    "triggers off by set_config": "select set_config('session_replication_role', 'replica', false)",
    "writing to system tables": "update pg_catalog.pg_policy set polqual = null",
    "system tables opened": "set allow_system_table_mods = on",
    # ---- reading what is not his
    "passwords": "select * from pg_catalog.pg_authid",
    "password hashes by the view": "select * from pg_catalog.pg_shadow",
    "reporters joined to cases": "select r.phone from cc.case_reporter k join cc.reporter r on r.id = k.reporter_id",
    "reporters as a sort key":
        "select case_id from cc.case_reporter k order by (select phone from cc.reporter r where r.id = k.reporter_id)",
    "reporters by a condition": "select 1 where exists (select from cc.reporter where phone like '139%')",
    "reporters by an estimate": "explain select * from cc.reporter where phone = '13912345678'",
    "reporters as XML": "select query_to_xml('select * from cc.reporter', true, true, '')",
    "reporters through text search": "select * from ts_stat('select to_tsvector(phone) from cc.reporter')",
    "reporters by COPY": "copy cc.reporter to stdout",
    "a partition by its own name": "select * from cc.cases_202611",
    "a view of the counters": "select * from cc.measured_event",
    "counters": "select * from cc.hourly",
    "commands of everybody": "select * from cc.command_log",
    "faults of the duty": "select * from cc.duty_fault",
    "entries waiting for a seal": "select * from cc.log_queue",
    "leaves of the seals": "select * from cc.seal_leaf",
    "raw statistics": "select * from pg_catalog.pg_statistic",
    "raw extended statistics": "select * from pg_catalog.pg_statistic_ext_data",
    "the server's files": "select pg_read_file('postgresql.conf')",
    "the server's log": "select pg_ls_logdir()",
    "the server's temporary files": "select pg_ls_tmpdir()",
    "who may log in from where": "select * from pg_hba_file_rules",
    "the server's memory": "select * from pg_backend_memory_contexts",
    "another server": "create foreign data wrapper x",
    "dblink": "create extension dblink schema cc",
    "a program on the server": "copy (select 1) to program 'id'",
    "row security off for the owner's functions": "alter function cc.act(uuid, bigint, int, text, jsonb) reset all",
    # ---- writing past the functions
    "an event put in": "insert into cc.case_event select * from cc.case_event limit 1",
    "an event changed": "update cc.case_event set actor_name = '别人'",
    "an event removed": "delete from cc.case_event",
    "a deadline moved": "update cc.cases set deadline = 'infinity'",
    "a version set back": "update cc.cases set version = 1",
    "the clock": "select cc.set_clock('2020-01-01', 1)",
    "an event by the inner function": "select cc.write_event(null, null, null, 'supervisor', 'note', '{}', now())",
    "a case saved by the inner function": "select cc.save_case(c, now()) from cc.cases c",
    "an extension by the inner function": "select cc.extend_stage(c, 86400) from cc.cases c",
    "a person by the inner function": "select cc.insert_operator(1, 't_x', 'x', '[]')",
    "a log entry by the inner function": "select cc.log_admin(1, 'x', 'x', '{}')",
    "a seal now": "select cc.seal_events()",
    "sessions ended by the inner function": "select cc.reap_sessions('0 s')",
    "a reader of his own": "create policy p on cc.cases using (true)",
    "a comment on a table": "comment on table cc.cases is 'x'",
    "a comment on a person": "comment on role t_ga is 'x'",
    # ---- making things
    "a function of his own": "create function cc.mine() returns int language sql as 'select 1'",
    "a block of his own": "do $$ begin perform 1; end $$",
    "a cast": "create cast (text as int) with inout",
    "an operator": "create operator cc.= (leftarg = text, rightarg = text, function = texteq)",
    "an aggregate": "create aggregate cc.spy(text) (sfunc = textcat, stype = text)",
    "a domain": "create domain cc.d as int",
    "a collation": 'create collation cc.x from "C"',
    "statistics of his own": "create statistics cc.s on id, no from cc.cases",
    "a temporary table": "create temporary table cases (id bigint)",
    "a temporary table from a query": "select * into temporary mine from cc.cases",
    "a table elsewhere": "create table public.mine (a int)",
    "a database": "create database mine",
    "a subscription": "create subscription s connection 'dbname=x' publication p",
    "a large object": "select lo_from_bytea(0, 'x')",
    "a large object from a file": "select lo_import('/etc/passwd')",
    "his snapshot lent to others": "select pg_export_snapshot()",
    # ---- holding things up
    "a table locked": "begin; lock table cc.cases in share mode",
    "the catalogue of tables locked": "begin; lock table pg_catalog.pg_class in share mode",
    "rows of the organisation locked": "select * from cc.org for share",
    "people locked": "select * from cc.operator for update",
    "the workflow locked": "select * from cc.wf_rule for key share",
    "an advisory lock of a session": "select pg_advisory_lock(1)",
    "the lock of a command": "select pg_advisory_xact_lock(1, 1)",
    "a number taken": "select nextval('cc.case_number')",
    "the wake-ups put off": "select setval('cc.wake_ms', 9223372036854775807)",
    "temporary files without end": "set temp_file_limit = -1",
    "a deep stack": "set max_stack_depth = '1GB'",
    "a log of everything": "set log_statement = 'all'",
    "statistics reset": "select pg_stat_reset()",
    "the log rotated": "select pg_rotate_logfile()",
    "a transaction prepared": "begin; select cc.look_at(null); prepare transaction 'mine'",
    "a reindex": "reindex table cc.org",
    "a label": "security label on table cc.cases is 'x'",
}  # fmt: skip
CODES = {"42501", "55000", "22023"}  # no right; prepared transactions are off, there are no labels


@pytest.mark.parametrize("attack", REFUSED)
def test_refused(attack: str, psql: Open, hands: Hands, cases: Cases) -> None:
    before = hands.sql(STATE)
    clerk = psql("cg")
    error = clerk.refused(REFUSED[attack])
    clerk("rollback")
    assert error.pgcode in CODES, error
    assert "13912345678" not in str(error) and "张三丰" not in str(error)
    assert hands.sql(STATE) == before


WITHOUT_EFFECT = {
    "dropping what is owned by himself": "drop owned by t_cg cascade",
    "dropping what is owned by his group, policies included": "drop owned by cc_operator cascade",
    "owning what his group owns": "reassign owned by cc_operator to t_cg",
    "giving his group's rights to everybody":
        "alter default privileges for role cc_operator grant all on tables to public",
    "granting what he has": "grant select on cc.cases to t_screen with grant option",
    "revoking what others have": "revoke select on cc.cases from cc_operator cascade",
    "vacuum": "vacuum full cc.cases",
    "analyze": "analyze cc.cases",
    "the group's role": "set role cc_operator",
    "row security off": "set row_security = off",
    "strings read otherwise": "set standard_conforming_strings = off",
    "nulls compared": "set transform_null_equals = on",
    "a search path through his own schema": "set search_path = pg_temp, public, cc",
    "dates read otherwise": "set datestyle = 'SQL, DMY'",
    "another time zone": "set timezone = 'Pacific/Kiritimati'",
    "timeouts switched off":
        "set statement_timeout = 0; set lock_timeout = 0; set idle_in_transaction_session_timeout = 0",
    "memory without end": "set work_mem = '1TB'",
    "a borrowed name": "set application_name = 'commandcenter owner'",
}  # fmt: skip
# With a warning for each table, or as a whole at the first one that is granted by columns (joint_file).
SOMETIMES_REFUSED = {"dropping what is owned by his group, policies included"}


@pytest.mark.parametrize("attack", WITHOUT_EFFECT)
def test_without_effect(attack: str, town: Town) -> None:
    """Whatever he said: he sees his case only, acts under his own name, and what he may not do stays refused."""
    hands = Hands(town)
    paths = Paths(hands)
    own, others = paths.to("in_progress"), hands.report(lon=116.0225)
    before = hands.sql(STATE)
    clerk, colleague = Psql(town.psql("cg")), Psql(town.psql("ga"))
    with suppress(psycopg2.errors.InsufficientPrivilege) if attack in SOMETIMES_REFUSED else nullcontext():
        clerk(WITHOUT_EFFECT[attack])
    assert hands.sql(STATE) == before
    if attack == "row security off":
        assert clerk.refused("select id from cc.cases").pgcode == "42501"
    else:
        assert clerk("select id from cc.cases") == [(own,)]
    note = "select cc.act(gen_random_uuid(), %s, %s, 'note', '{\"text\": \"x\"}')"
    assert clerk.refused(note, others, 1).pgcode == "CC404"
    assert clerk.refused("delete from cc.cases").pgcode == "42501"
    assert clerk.refused("select * from cc.reporter").pgcode == "42501"
    at = hands.sql("select cc.city_now()")
    clerk(note, own, hands.version(own))
    event = hands.rows("select actor_login, at >= %s, at <= cc.city_now() from cc.case_event where case_id = %s"
                       " order by seq desc limit 1", at, own)  # fmt: skip
    assert event == [("t_cg", True, True)]
    assert colleague("select id from cc.cases") == []
    assert colleague.one("select cc.who_am_i() ->> 'login'") == "t_ga"


@pytest.mark.parametrize("setting", [
    "session_authorization = 'postgres'", "role = 'cc_owner'", "search_path = pg_temp, public", "row_security = off",
    "default_transaction_isolation = 'serializable'", "local_preload_libraries = 'nothing_there'",
    "statement_timeout = 1",
])  # fmt: skip
def test_what_he_sets_for_his_own_logins_reaches_nobody_else(setting: str, town: Town, newcomer: str) -> None:
    """ALTER ROLE on oneself is every role's right for what it may SET; at worst he locks himself out."""
    hands = Hands(town)
    before = hands.sql(STATE)
    Psql(town.psql(newcomer))(f"alter role {newcomer} set {setting}")
    try:
        again = Psql(town.psql(newcomer))
        assert again("select session_user, current_user") == [(newcomer, newcomer)]
        assert again("select count(*) from cc.cases") == [(0,)]
    except psycopg2.Error:
        pass  # locked out
    assert hands.sql(STATE) == before
    assert Psql(town.psql("cg")).one("select current_user") == "t_cg"


# ---------------------------------------------------------------- forged facts
FORGED = [
    {"deadline": "2099-01-01T00:00:00Z"}, {"at": "2020-01-01T00:00:00Z"}, {"actor_id": 1}, {"actor_login": "t_ga"},
    {"version": 9}, {"state": "closed"}, {"unit_id": 1}, {"events": 1}, {"handler_id": 1}, {"role": "supervisor"},
]  # fmt: skip


@pytest.mark.parametrize("forged", FORGED, ids=[next(iter(f)) for f in FORGED])
def test_a_fact_that_the_database_finds_itself_is_not_taken_from_the_caller(
    forged: dict[str, object], psql: Open, hands: Hands, cases: Cases
) -> None:
    before = hands.sql(STATE)
    args = json.dumps({"text": "x"} | forged)
    error = psql("cg").refused("select cc.act(gen_random_uuid(), %s, 1, 'note', %s)", cases.in_a, args)
    assert error.pgcode == "CC422"
    report = json.dumps({"channel": "patrol", "description": "x"} | forged)
    assert psql("acceptor").refused("select cc.report_case(gen_random_uuid(), %s)", report).pgcode == "CC422"
    assert hands.sql(STATE) == before


def test_a_forged_district_is_not_taken_from_somebody_of_a_district(psql: Open, hands: Hands, cases: Cases) -> None:
    report = json.dumps({"channel": "patrol", "description": "x", "district_id": 2})
    answer = psql("acceptor").one("select cc.report_case(gen_random_uuid(), %s)", report)
    assert hands.row(answer["case_id"])["district_id"] == 1


@pytest.mark.parametrize("version", [0, -1, 2147483647, None, "the next"])
def test_a_forged_version_changes_nothing(version: int | str | None, psql: Open, hands: Hands, cases: Cases) -> None:
    before = hands.sql(STATE)
    given = hands.version(cases.in_a) + 1 if version == "the next" else version
    feedback = "select cc.act(gen_random_uuid(), %s, %s, 'feedback', '{\"result\": \"x\"}')"
    assert psql("cg").refused(feedback, cases.in_a, given).pgcode == "CC409"
    assert hands.sql(STATE) == before


BAD_REPORTS = {
    "a longitude that is no number": {"lon": "NaN"}, "an infinite longitude": {"lon": "Infinity"},
    "a longitude beyond every float": {"lon": 10**400}, "a latitude below the pole": {"lat": -90.5},
    "a time without end": {"occurred_at": "infinity"}, "a time that no client can show": {"occurred_at": "50000-01-01"},
    "a time before Christ": {"occurred_at": "0001-01-01 BC"},
    "a time that is none": {"occurred_at": "soon"},
    "an item beyond every number": {"item_id": 10**20}, "an item that is half": {"item_id": 1.5},
    "a reporter that is a list": {"reporter": [1]},
    "a name of nine thousand letters": {"reporter": {"name": "x" * 9000}},
    "words without end": {"description": "x" * 9000}, "words that are spaces": {"description": " \n\t "},
    "a key without end": {"k" * 5000: 1}, "a list for a word": {"grade": [["clear"]]},
}  # fmt: skip


@pytest.mark.parametrize("name", BAD_REPORTS)
def test_a_report_that_would_break_its_readers_is_refused(name: str, psql: Open, hands: Hands, cases: Cases) -> None:
    before = hands.sql(STATE)
    given = {"channel": "patrol", "description": "x", "lon": 116.0025, "lat": 40.0025} | BAD_REPORTS[name]
    error = psql("acceptor").refused("select cc.report_case(gen_random_uuid(), %s)", json.dumps(given))
    assert error.pgcode == "CC422", error
    assert hands.sql(STATE) == before


@pytest.mark.parametrize(("words", "code"), [
    ('{"text": "\\u0000"}', "22P05"), ('{"text": "\\ud800"}', "22P02"), ("[" * 50_000, "54001"), ("null", "CC422"),
    ('{"text": "' + "x" * 4001 + '"}', "CC422"), ('{"text": {"a": 1}}', "CC422"), ("[]", "CC422"), ('"x"', "CC422"),
], ids=["NUL", "half a letter", "too many brackets", "null", "too long", "nested", "a list", "a word"])  # fmt: skip
def test_arguments_that_are_no_arguments_are_refused(
    words: str, code: str, psql: Open, hands: Hands, cases: Cases
) -> None:
    before = hands.sql(STATE)
    error = psql("cg").refused("select cc.act(gen_random_uuid(), %s, 1, 'note', %s)", cases.in_a, words)
    assert error.pgcode == code
    assert hands.sql(STATE) == before


# ---------------------------------------------------------------- commands again
def test_a_replayed_undo_undoes_nothing_a_second_time(hands: Hands, paths: Paths) -> None:
    case, undo = paths.to("dispatched"), uuid.uuid4()
    version = hands.version(case)
    first = hands.act("dispatcher", case, "undo_dispatch", command=undo, version=version)
    hands.act("dispatcher", case, "dispatch", unit_id=hands.org("D-GA"))
    before = hands.sql(STATE)
    again = hands.act("dispatcher", case, "undo_dispatch", command=undo, version=hands.version(case))
    assert again == first | {"replayed": True}
    assert hands.state(case) == "dispatched"
    assert hands.sql(STATE) == before


def test_nobody_gives_up_anothers_command(hands: Hands, paths: Paths) -> None:
    case, command = paths.to("in_progress"), uuid.uuid4()
    hands.act("cg", case, "note", command=command, text="x")
    assert hands.as_person("ga", "select cc.give_up_command(%s)", str(command)) is None
    assert hands.as_person("cg", "select cc.command_outcome(%s) ->> 'case_id'", str(command)) == str(case)


# ---------------------------------------------------------------- disabled
def test_a_held_cursor_does_not_outlive_its_owner(town: Town, newcomer: str) -> None:
    hands = Hands(town)
    Paths(hands).to("in_progress")
    held = town.psql(newcomer)
    held.cursor().execute("declare kept cursor with hold for select * from cc.cases")
    hands.as_person("admin", "select cc.set_operator_active(%s, false)", newcomer)
    with pytest.raises(psycopg2.Error):
        held.cursor().execute("fetch all from kept")
