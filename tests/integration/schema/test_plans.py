"""How PostgreSQL answers the questions of the desk, asked by clerks under row-level security, on 24,000 cases."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

import psycopg2
import pytest

from db.feed import _FETCH
from db.gateways.case_rows import SELECT_CASES
from tests.support.hands import Hands
from tests.support.town import Town

pytestmark = pytest.mark.database

MONTHS = (202609, 202610, 202611)
LARGE = 1000  # rows from which on a sequential scan is a fault
_CASES = """
insert into cc.cases (district_id, id, no, version, events, state, open, grade, circulation, priority, channel_id,
  citizen, street_id, community_id, unit_id, handler_id, reported_at, changed_at, stage_since)
select 1, month::bigint * 1000000000 + n, month || '-' || n, 5, 5,
  case when n %% 30 = 0 then 'in_progress' else 'closed' end, n %% 30 = 0, 'clear', 'large', 5, 1, false,
  s.id, s.community, (%s::int[])[1 + n %% %s], (%s::int[])[1 + n %% %s], now(), now(), now()
from unnest(%s) month, generate_series(1, 8000) n,
  lateral (select id, (select min(c.id) from cc.org c where c.parent_id = o.id and c.kind = 'community') as community
           from cc.org o where o.key = case when n %% 2 = 0 then 'A' else 'B' end) s"""
_FILL = (
    "insert into cc.case_event (district_id, case_id, seq, at, actor_login, actor_name, role, action, from_state,"
    " to_state) select district_id, id, g, now(), 'x', 'x', 'x', 'note', 'a', 'b'"
    " from cc.cases, generate_series(1, 5) g",
    "insert into cc.case_stage (district_id, case_id, seq, stage, since, clock, limit_s, deadline, warn_at, ended_at)"
    " select district_id, id, g, 'handle', now(), 'urgent', 60, now(), now(), now()"
    " from cc.cases, generate_series(1, 3) g",
    "insert into cc.case_detail (district_id, case_id, summary) select district_id, id, 'x' from cc.cases",
    "insert into cc.case_reporter (district_id, case_id, reporter_id, name_masked, phone_masked)"
    " select district_id, id, id, 'x', 'y' from cc.cases",
    "insert into cc.attachment (district_id, case_id, seq, kind, name, mime, bytes, sha256, content)"
    " select district_id, id, 1, 'scene', 'x', 'image/png', 1, 'x', 'x' from cc.cases where id % 4 = 0",
    "insert into cc.feed (xid, kind, entity_id, district_id, street_id, community_id, unit_id, handler_id)"
    " select '100'::xid8, 'case', id, 1, street_id, community_id, unit_id, handler_id from cc.cases",
    "insert into cc.case_request (district_id, case_id, seq, kind, asked_by, asked_at, reason)"
    " select district_id, id, 1, 'suspend', 1, now(), 'x' from cc.cases",
)


@pytest.fixture(scope="module")
def hands(shared_town: Town) -> Hands:
    """A town with 24,000 cases, one in thirty open; no trigger ran for them."""
    hands = Hands(shared_town)
    units = [r[0] for r in hands.rows("select id from cc.org where kind ~ 'department|agency|section' order by id")]
    for month in MONTHS:
        hands.sql(f"select cc.ensure_month(to_date('{month}', 'YYYYMM'))")
    hands.sql("set session_replication_role = replica")
    hands.sql(_CASES, units, len(units), units, len(units), list(MONTHS))
    for statement in _FILL:
        hands.sql(statement)
    hands.sql("reset session_replication_role")
    hands.sql("analyze")
    return hands


def _nodes(plan: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield plan
    for child in plan.get("Plans", ()):
        yield from _nodes(child)


def _plan(hands: Hands, login: str, statement: str, **values: Any) -> list[Mapping[str, Any]]:
    """The nodes of the plan that ran, under somebody's login."""
    with hands.trying():
        hands.sql(f"set session authorization t_{login}")
        with hands._connection.cursor() as cursor:
            cursor.execute(f"explain (analyze, timing off, summary off, format json) {statement}", values)
            row = cursor.fetchone()
    assert row is not None
    return list(_nodes(row[0][0]["Plan"]))


def _scanned_whole(hands: Hands, nodes: list[Mapping[str, Any]]) -> set[str]:
    """Large tables that were read from end to end."""
    scanned = {n["Relation Name"] for n in nodes if n["Node Type"] == "Seq Scan" and n["Actual Loops"]}
    sizes = dict(hands.rows("select relname, reltuples from pg_class where relnamespace = 'cc'::regnamespace"))
    return {name for name in scanned if sizes[name] >= LARGE}


WHO = pytest.mark.parametrize("login", ["dispatcher", "cg", "pcs", "street_a", "community", "screen"])


@WHO
def test_the_open_set_is_read_through_the_index_of_what_is_open(login: str, hands: Hands) -> None:
    nodes = _plan(hands, login, f"{SELECT_CASES} where c.open or c.on_ledger")
    assert _scanned_whole(hands, nodes) == set()


@WHO
def test_what_is_new_is_read_through_the_index_on_the_transaction(login: str, hands: Hands) -> None:
    """`xid >=` is leakproof and goes below the policy; pg_visible_in_snapshot is not and only sees what is left."""
    with hands.trying():
        hands.sql(f"set session authorization t_{login}")
        before = _rows_read(hands)
        with hands._connection.cursor() as cursor:
            cursor.execute(_FETCH, {"prev": hands.sql("select pg_current_snapshot()::text")})
            row = cursor.fetchone()
        assert row is not None and row[5] is None
        after = _rows_read(hands)
        assert _feed_rows(after) - _feed_rows(before) < LARGE
        hands.sql("select * from cc.feed_since('1:1:')")  # from the beginning: the figure does tell
        assert _feed_rows(_rows_read(hands)) - _feed_rows(after) >= LARGE


def _rows_read(hands: Hands) -> dict[str, tuple[int, int]]:
    """By table: rows read in sequence, and through indexes, by this session; to be compared, for it counts on."""
    statistics = "select relname, seq_tup_read, idx_tup_fetch from pg_stat_xact_user_tables where schemaname = 'cc'"
    return {name: (whole, by_key or 0) for name, whole, by_key in hands.rows(statistics)}


def _feed_rows(read: Mapping[str, tuple[int, int]]) -> int:
    return sum(sum(counts) for name, counts in read.items() if name.startswith("feed_2"))


QUESTIONS = {
    "file": "select cc.case_file(%(c)s)", "evidence": "select cc.attachment_content(%(c)s, 1)",
    "viewers": "select cc.viewers(%(c)s)", "summaries": "select * from cc.summaries(array[%(c)s])",
    "first page": "select * from cc.first_cases('{in_progress}', null, 100)",
}  # fmt: skip
_GROWING = re.compile(r"_2[0-9]{5}$|^attachment|^case_")


@WHO
@pytest.mark.parametrize("question", QUESTIONS)
def test_functions_that_read_look_at_the_months_and_keys_they_need(question: str, login: str, hands: Hands) -> None:
    case = hands.sql("select max(id) from cc.cases where open and handler_id = %s", hands.org("D-CG"))
    with hands.trying():
        hands.sql(f"set session authorization t_{login}")
        before = _rows_read(hands)
        with hands._connection.cursor() as cursor, suppress(psycopg2.Error):  # CC404 to some: no rows read either way
            cursor.execute("savepoint asked")
            cursor.execute(QUESTIONS[question], {"c": case})
        hands.sql("rollback to asked")
        after = _rows_read(hands)
    grown = {name: whole - before.get(name, (0, 0))[0] for name, (whole, _) in after.items() if _GROWING.search(name)}
    assert {name for name, rows in grown.items() if rows >= LARGE} == set()


@WHO
def test_changed_cases_and_a_page_of_closed_ones_are_read_by_their_keys(login: str, hands: Hands) -> None:
    ids = [r[0] for r in hands.rows("select id from cc.cases where open order by id desc limit 20")]
    for statement, values in (
        (f"{SELECT_CASES} where c.id = any(%(ids)s)", {"ids": ids}),
        (f"{SELECT_CASES} where not c.open and c.id < %(before)s order by c.id desc limit 100", {"before": 2**62}),
        (f"{SELECT_CASES} where c.no = %(no)s limit 1", {"no": "202611-30"}),
    ):
        assert _scanned_whole(hands, _plan(hands, login, statement, **values)) == set(), statement


def test_an_action_finds_its_case_by_the_key(hands: Hands) -> None:
    """What cc.act asks first, as its owner: the id alone, because the caller knows no district."""
    with hands.trying():
        rows = hands.rows("explain select * from cc.cases where id = 202611000000030 for update")
    assert any("Index Scan" in row[0] for row in rows) and not any("Seq Scan" in row[0] for row in rows)


@pytest.mark.parametrize("statement", [
    "select * from cc.case_stage where ended_at is null and paused_at is null and not overdue and deadline < now()",
    "select * from cc.cases where open and state = 'suspended' and resume_at <= now()",
])  # fmt: skip
def test_the_duty_finds_what_is_due_without_reading_what_is_open(statement: str, hands: Hands) -> None:
    nodes = [row[0] for row in hands.rows(f"explain {statement}")]
    assert not any(f"Seq Scan on {table}_{MONTHS[-1]}" in row for row in nodes for table in ("cases", "case_stage"))
