"""What a valid clerk with psql can read: his own scope through every door, and nothing else through any."""

import io
from collections.abc import Callable

import psycopg2
import pytest

from tests.integration.security.conftest import Cases, Psql
from tests.support.hands import Hands

pytestmark = pytest.mark.database

# Tables that hold something of a case, with the column that names it.
OF_A_CASE = {
    "cases": "id", "case_detail": "case_id", "case_event": "case_id", "case_stage": "case_id",
    "case_request": "case_id", "ledger": "case_id", "attachment": "case_id", "case_reporter": "case_id",
    "presence": "case_id", "feed": "entity_id",
}  # fmt: skip
WORDS = ("case_detail", "case_event", "case_request", "ledger", "case_reporter", "attachment")
# Logins with the case of theirs and the case of others.
CLERKS = [("cg", "in_a", "in_b"), ("ga", "in_b", "in_a"), ("street_a", "in_a", "in_b"), ("street_b", "in_b", "in_a"),
          ("community", "in_a", "in_b"), ("leader", "in_a", "in_b"), ("street_dispatcher", "in_a", "in_b"),
          ("grid_worker", "in_a", "in_b")]  # fmt: skip
OPEN_TO_ALL = {
    "district", "org", "org_closure", "grid", "channel", "catalogue_version", "catalogue_item", "catalogue_limit",
    "whistle_scenario", "office_window", "calendar_day", "wf_state", "wf_stage", "wf_action", "wf_rule", "wf_choice",
    "wf_setting", "feed_epoch", "operator", "duty", "alembic_version", "jw_state", "jw_action", "jw_rule", "jw_choice",
    "jw_digest", "whistle_level", "whistle_caller", "whistle_rule", "team", "team_line", "compound",
    "camera_category", "wall_plan",
}  # fmt: skip
OF_CAMERAS = {  # video/test_viewing.py, test_groups.py, test_secrets.py
    "camera", "camera_viewing", "camera_viewing_end", "camera_group", "camera_group_member", "camera_favourite",
}  # fmt: skip
OF_THE_MAP = {"worker_position"}  # map/test_positions.py, map/test_position_attacks.py
ADDRESSED = {"notice", "notice_delivery", "emergency", "wall_push", "topic", "topic_case"}  # _notices, test_topics …
OF_A_JOINT_MATTER = {  # test_reading_joint.py
    "summons", "summons_detail", "summons_case", "summons_party", "summons_party_detail", "summons_check", "objection",
    "bulletin", "summons_document", "meeting", "meeting_detail", "meeting_case", "meeting_attendee", "task",
    "task_detail", "joint_event", "joint_file", "grid_team",
}  # fmt: skip
AUDITED = {
    "reveal_log": {"t_auditor"}, "admin_log": {"t_auditor", "t_admin"}, "seal": {"t_auditor"},
    "phone_look": {"t_auditor"},
}  # fmt: skip
Open = Callable[[str], Psql]


@pytest.mark.parametrize("table", OF_A_CASE)
@pytest.mark.parametrize(("login", "own", "others"), CLERKS)
def test_a_clerk_reads_his_own_case_and_not_anothers(
    table: str, login: str, own: str, others: str, psql: Open, cases: Cases
) -> None:
    found = {row[0] for row in psql(login)(f"select {OF_A_CASE[table]} from cc.{table}")}
    assert getattr(cases, own) in found
    assert getattr(cases, others) not in found


@pytest.mark.parametrize("table", OF_A_CASE)
def test_a_unit_without_cases_and_the_administrator_read_no_case(table: str, psql: Open, cases: Cases) -> None:
    for login in ("sw", "pcs", "admin"):
        found = {row[0] for row in psql(login)(f"select {OF_A_CASE[table]} from cc.{table}")}
        assert not found & {cases.in_a, cases.in_b}, login


def test_the_hall_screen_reads_cases_and_clocks_but_no_words(psql: Open, cases: Cases) -> None:
    screen = psql("screen")
    assert {cases.in_a, cases.in_b} <= {row[0] for row in screen("select id from cc.cases")}
    assert screen("select count(*) from cc.case_stage")[0][0] > 0
    for table in WORDS:
        assert screen(f"select * from cc.{table}") == [], table
    refused = "select cc.ask_reveal(%s, (select min(reporter_id) from cc.case_reporter), '大屏查看')"
    assert screen.refused(refused, cases.in_a).pgcode in ("CC403", "CC404")


def test_every_relation_is_granted_on_purpose(psql: Open, hands: Hands, cases: Cases) -> None:
    """Whatever is not listed here, partitions included, is refused altogether."""
    relations = [r[0] for r in hands.rows(
        "select relname from pg_class where relnamespace = 'cc'::regnamespace and relkind in ('r','p','v','m','f')"
    )]  # fmt: skip
    granted = set()
    for relation in relations:
        try:
            psql("cg")(f"select 1 from cc.{relation} limit 0")
            granted.add(relation)
        except psycopg2.errors.InsufficientPrivilege:
            pass
    granted_to_some = ADDRESSED | OF_A_JOINT_MATTER | OF_CAMERAS | OF_THE_MAP
    assert granted == OPEN_TO_ALL | set(OF_A_CASE) | set(AUDITED) | granted_to_some
    assert any(relation.startswith("cases_2") for relation in relations)


def test_logs_and_seals_are_read_by_their_auditors_only(psql: Open, hands: Hands, cases: Cases) -> None:
    hands.sql("select cc.run_duty()")
    person = hands.sql("select reporter_id from cc.case_reporter where case_id = %s", cases.in_a)
    hands.as_person("acceptor", "select cc.ask_reveal(%s, %s, '核实联系方式')", cases.in_a, person)
    hands.as_person("acceptor", "select cc.ask_phone((select min(id) from cc.grid_team), '核实联系方式')")
    for table, readers in AUDITED.items():
        assert hands.sql(f"select count(*) from cc.{table}") > 0
        for login in ("auditor", "admin", "supervisor", "acceptor", "cg", "screen"):
            seen = psql(login).one(f"select count(*) from cc.{table}")
            assert (seen > 0) == (f"t_{login}" in readers), (table, login)


def test_personal_data_is_in_no_table_that_anybody_reads(psql: Open, cases: Cases) -> None:
    for login in ("supervisor", "acceptor", "auditor", "cg", "admin"):
        assert psql(login).refused("select * from cc.reporter").pgcode == "42501"
    row = psql("supervisor")("select name_masked, phone_masked from cc.case_reporter where case_id = %s", cases.in_a)
    assert row == [("张**", "139****5678")]


FUNCTIONS_ON_A_CASE = [
    "select cc.act(gen_random_uuid(), %s, 1, 'note', '{\"text\": \"x\"}')",
    "select cc.attach(gen_random_uuid(), %s, 'scene', 'a', 'image/png', 'x')",
    "select cc.ask_reveal(%s, 1, '核实联系方式')",
    "select cc.trace_check(%s)",
]


@pytest.mark.parametrize("statement", FUNCTIONS_ON_A_CASE)
def test_an_unseen_case_and_an_absent_one_are_answered_in_the_same_words(
    statement: str, psql: Open, cases: Cases
) -> None:
    clerk = psql("cg")
    unseen, absent = clerk.refused(statement, cases.in_b), clerk.refused(statement, cases.absent)
    assert unseen.pgcode == absent.pgcode == "CC404"
    assert unseen.diag.message_primary == absent.diag.message_primary
    assert unseen.diag.message_detail == absent.diag.message_detail
    assert clerk("select cc.look_at(%s)", cases.in_b) == clerk("select cc.look_at(%s)", cases.absent)


def test_an_unseen_master_and_an_absent_one_are_refused_in_the_same_words(
    psql: Open, hands: Hands, cases: Cases
) -> None:
    """A street's acceptor (here: one made for the test) merges into what he sees only."""
    with hands.trying():
        hands.sql("update cc.duty set org_id = %s where role = 'acceptor'", hands.org("A"))
        case = hands.report("acceptor")
        words = []
        for master in (cases.in_b, cases.absent):
            hands.sql("savepoint attempt")
            with pytest.raises(Exception) as refused:  # noqa: PT011 - compared below
                hands.act("acceptor", case, "merge", master_id=master)
            words.append((type(refused.value), str(refused.value)))
            hands.sql("rollback to attempt")
    assert words[0] == words[1]


def test_near_cases_and_figures_stay_within_the_scope(psql: Open, cases: Cases) -> None:
    near = "select case_id from cc.near_cases(%s, 40.0025, null, '10 years')"
    assert psql("cg")(near, 116.0225) == []
    assert psql("ga")(near, 116.0225) == [(cases.in_b,)]
    assert psql("admin")(near, 116.0225) == []
    assert psql("cg").one("select dispatched from cc.shift_figures('-infinity')") == 0


def test_a_locked_unseen_case_does_not_make_a_clerk_wait(psql: Open, hands: Hands, cases: Cases) -> None:
    """Waiting for a lock would tell that the case is there, and let him hold it against those who see it."""
    clerk = psql("cg")
    with hands.trying():
        hands.sql("select id from cc.cases where id = %s for update", cases.in_b)
        clerk("set lock_timeout = '200ms'")
        for statement in FUNCTIONS_ON_A_CASE:
            assert clerk.refused(statement, cases.in_b).pgcode == "CC404"


def test_a_clerk_cannot_lock_an_unseen_case(psql: Open, hands: Hands, cases: Cases) -> None:
    clerk = psql("cg")
    clerk("begin")
    clerk("savepoint s")
    clerk.refused("select cc.act(gen_random_uuid(), %s, 1, 'note', '{\"text\": \"x\"}')", cases.in_b)
    clerk("rollback to s")
    assert hands.sql("select id from cc.cases where id = %s for update nowait", cases.in_b) == cases.in_b
    clerk("rollback")
    assert clerk.refused("select * from cc.cases for update").pgcode == "42501"


LEAKY = [
    "select * from cc.cases where no::int = 0",  # an error message would quote the hidden number
    "select * from cc.cases where 1 / (id - {in_b}) = 0",  # division by zero would tell
    "select * from cc.case_detail where description::int = 0",
    "select * from cc.cases where (no || '')::date is null",
    "select * from cc.cases where exists (select from cc.case_detail d where d.case_id = id and d.summary::int = 1)",
    "select count(*) from cc.cases group by no::numeric",
    "select * from cc.cases order by no::int",
    "select * from cc.feed where kind = 'case' and 1 / (entity_id - {in_b}) = 0",
    "select * from cc.case_event where 1 / (case_id - {in_b}) = 0",
    "select max(1 / (id - {in_b})) from cc.cases",
]


@pytest.mark.parametrize("statement", LEAKY)
def test_a_leaky_condition_is_asked_of_visible_rows_only(statement: str, psql: Open, cases: Cases) -> None:
    assert psql("sw")(statement.format(in_b=cases.in_b)) in ([], [(None,)])


def test_no_function_of_ones_own_can_look_at_hidden_rows(psql: Open) -> None:
    """Neither in pg_temp nor elsewhere: a clerk may not create anything."""
    clerk = psql("cg")
    spy = "create function {}.spy(text) returns boolean language plpgsql cost 0.000001 as $$begin return true; end$$"
    for schema in ("pg_temp", "cc", "public"):
        assert clerk.refused(spy.format(schema)).pgcode == "42501"
    assert clerk.refused("do $$ begin perform no from cc.cases; end $$").pgcode == "42501"


def test_statistics_tell_nothing_of_cases(psql: Open, hands: Hands, cases: Cases) -> None:
    hands.sql("analyze")
    assert hands.sql("select count(*) from pg_stats where schemaname = 'cc' and tablename ~ '^(cases|case_detail)'") > 0
    clerk = psql("cg")
    assert (
        clerk("select * from pg_stats where schemaname = 'cc' and tablename ~ '^(case|feed|reporter|seal|ledger)'")
        == []
    )
    assert clerk("select * from pg_stats_ext where schemaname = 'cc'") == []
    assert clerk.refused("select * from pg_statistic").pgcode == "42501"


def test_the_activity_of_others_shows_no_statement(psql: Open, hands: Hands) -> None:
    psql("supervisor")("select '某某的电话' as words")
    rows = psql("cg")(
        "select query, client_addr, state from pg_stat_activity where usename <> session_user and usename is not null"
    )
    assert rows
    assert all(query == "<insufficient privilege>" and addr is None and state is None for query, addr, state in rows)


def test_what_is_noted_in_security_md_is_still_so(psql: Open, cases: Cases) -> None:
    """EXPLAIN ANALYZE counts the hidden rows that were filtered out, for a leakproof condition (docs/security.md)."""
    clerk = psql("cg")
    clerk("set enable_seqscan = off")
    plan = "explain (analyze, costs off, timing off, summary off) select id from cc.cases where id = %s"
    assert "Rows Removed by Filter: 1" in [row[0].strip() for row in clerk(plan, cases.in_b)]
    assert not [row for row in clerk(plan, cases.absent) if "Removed" in row[0]]
    clerk("reset enable_seqscan")


def test_copy_writes_visible_rows_only_and_reads_nothing_in(psql: Open, cases: Cases) -> None:
    clerk = psql("cg")
    out = io.StringIO()
    clerk.connection.cursor().copy_expert("copy (select id from cc.cases) to stdout", out)
    clerk.connection.cursor().copy_expert("copy cc.cases (id) to stdout", out)  # a partitioned table itself holds none
    assert {int(line) for line in out.getvalue().split()} == {r[0] for r in clerk("select id from cc.cases")}
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        clerk.connection.cursor().copy_expert("copy cc.case_event from stdin", io.StringIO(""))
    for statement in (
        "copy cc.cases to '/tmp/x'", "copy cc.cases from program 'id'", "select pg_read_file('PG_VERSION')",
        "select pg_ls_dir('.')", "select lo_import('/etc/passwd')",
    ):  # fmt: skip
        assert clerk.refused(statement).pgcode == "42501"


def test_row_security_cannot_be_switched_off(psql: Open, cases: Cases) -> None:
    clerk = psql("cg")
    clerk("set row_security = off")
    try:
        assert clerk.refused("select * from cc.cases").pgcode == "42501"
    finally:
        clerk("reset row_security")


def test_the_wake_up_is_empty(psql: Open, hands: Hands, cases: Cases) -> None:
    clerk = psql("sw")
    clerk("listen cc_feed")
    clerk.connection.notifies.clear()
    hands.report(lon=116.0225)
    for _ in range(1000):
        clerk("select pg_sleep(0.01)")
        clerk.connection.poll()
        if clerk.connection.notifies:
            break
    assert [n.payload for n in clerk.connection.notifies] == [""]
    clerk("unlisten *")
