"""What the database's own superuser does to logs, seals and their guards: `audit verify` finds it and names it."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from db.engine import dsn
from db.gateways.audit import EMPTY_CHAIN, Fault, faults, heads
from tests.support.hands import Hands
from tests.support.paths import Paths
from tests.support.town import Town

pytestmark = pytest.mark.database
MAIN = Path(__file__).parents[3] / "main.py"
LOGS = ("admin_log", "reveal_log")


@pytest.fixture(scope="module")
def entries(hands: Hands, paths: Paths) -> dict[str, int]:
    """Sealed entries of both logs, in more than one seal, and one of each that waits; the last sealed one by log."""
    case = paths.to("verified")
    person = hands.sql("select reporter_id from cc.case_reporter where case_id = %s", case)
    for _ in range(3):
        _manage(hands)
        hands.as_person("acceptor", "select cc.ask_reveal(%s, %s, '核实联系方式')", case, person)
        if _waiting(hands) >= 2:
            hands.sql("select cc.seal_events()")
            assert _waiting(hands) == 0
    _manage(hands)
    hands.as_person("acceptor", "select cc.ask_reveal(%s, %s, '核实联系方式')", case, person)
    return {log: hands.sql("select max(entry_id) from cc.log_leaf where log = %s", log) for log in LOGS}


def _manage(hands: Hands) -> None:
    hands.as_person("admin", "select cc.set_operator_active('t_street_b', true)")


def _waiting(hands: Hands) -> int:
    return int(hands.sql("select count(*) from cc.log_queue"))


@contextmanager
def _tampering(hands: Hands) -> Iterator[None]:
    with hands.trying():
        hands.sql("set local session_replication_role = replica")
        yield


def _partitions(hands: Hands, table: str) -> set[str]:
    found = hands.rows(
        "select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = %s::regclass",
        f"cc.{table}",
    )
    return {row[0] for row in found}


def _missing(hands: Hands) -> list[tuple[int, int]]:
    found = hands.rows("select event_case, event_seq from cc.audit_faults() where fault = 'missing' order by 1, 2")
    return [(row[0], row[1]) for row in found]


def _named(hands: Hands) -> set[tuple[str, str | None, int | None]]:
    return {(r[0], r[1], r[2]) for r in hands.rows("select fault, subject, entry from cc.audit_faults()")}


def test_both_logs_are_sealed_and_sound(shared_town: Town, hands: Hands, entries: dict[str, int]) -> None:
    assert faults(shared_town.owner) == []
    head = heads(shared_town.owner)[0]
    assert head.entries_waiting == 2
    assert head.entries + head.entries_waiting == sum(hands.sql(f"select count(*) from cc.{log}") for log in LOGS)
    for log in LOGS:
        assert hands.sql("select count(distinct seal_id) from cc.log_leaf where log = %s", log) >= 3


CHANGES = [
    ("admin_log", "actor_login = 't_ga'"), ("admin_log", "at = at - interval '1 s'"), ("admin_log", "action = 'add'"),
    ("admin_log", "subject = 't_cg'"), ("admin_log", "detail = '{\"x\": 1}'"),
    ("reveal_log", "actor_login = 't_ga'"), ("reveal_log", "actor_id = actor_id + 1"),
    ("reveal_log", "at = at - interval '1 microsecond'"), ("reveal_log", "case_id = case_id + 1"),
    ("reveal_log", "reporter_id = reporter_id + 1"), ("reveal_log", "reason = '领导要求'"),
    ("reveal_log", "xid = '3'"),
]  # fmt: skip


@pytest.mark.parametrize(("log", "change"), CHANGES)
def test_a_log_entry_that_was_changed_is_named(log: str, change: str, hands: Hands, entries: dict[str, int]) -> None:
    with _tampering(hands):
        hands.sql(f"update cc.{log} set {change} where id = %s", entries[log])
        assert _named(hands) == {("changed", log, entries[log])}


@pytest.mark.parametrize("log", LOGS)
def test_a_log_entry_that_was_removed_is_named(log: str, hands: Hands, entries: dict[str, int]) -> None:
    with _tampering(hands):
        hands.sql(f"delete from cc.{log} where id = %s", entries[log])
        assert _named(hands) == {("removed", log, entries[log])}


@pytest.mark.parametrize("log", LOGS)
def test_a_log_entry_removed_while_it_waited_is_named_for_ever(log: str, hands: Hands, entries: dict[str, int]) -> None:
    with _tampering(hands):
        last = hands.sql(f"select max(id) from cc.{log}")
        hands.sql(f"delete from cc.{log} where id = %s", last)
        hands.sql("select cc.seal_events()")
        assert _named(hands) == {("removed", log, last)}


@pytest.mark.parametrize("log", LOGS)
def test_a_log_entry_put_in_past_the_triggers_is_named(log: str, hands: Hands, entries: dict[str, int]) -> None:
    columns = {
        "admin_log": "district_id, action, subject",
        "reveal_log": "district_id, actor_id, case_id, reporter_id, reason",
    }
    values = {"admin_log": "1, 'add', 't_x'", "reveal_log": "1, 1, 1, 1, 'x'"}
    with _tampering(hands):
        put_in = hands.sql(f"insert into cc.{log} ({columns[log]}) values ({values[log]}) returning id")
        assert _named(hands) == {("unsealed", log, put_in)}


@pytest.mark.parametrize("log", LOGS)
def test_a_log_rewritten_with_its_leaf_breaks_the_chain(log: str, hands: Hands, entries: dict[str, int]) -> None:
    actor = "actor_login = 't_ga'"
    with _tampering(hands):
        seal = hands.sql("select seal_id from cc.log_leaf where log = %s and entry_id = %s", log, entries[log])
        hands.sql(f"update cc.{log} set {actor} where id = %s", entries[log])
        hands.sql(
            "update cc.log_leaf set digest = cc.entry_digest(district_id, log, entry_id)"
            " where log = %s and entry_id = %s", log, entries[log],
        )  # fmt: skip
        assert hands.rows("select fault, seal_no from cc.audit_faults()") == [("chain", seal)]


@pytest.mark.parametrize("log", LOGS)
def test_a_leaf_removed_with_its_log_entry_breaks_the_chain(log: str, hands: Hands, entries: dict[str, int]) -> None:
    with _tampering(hands):
        seal = hands.sql("select seal_id from cc.log_leaf where log = %s and entry_id = %s", log, entries[log])
        hands.sql(f"delete from cc.{log} where id = %s", entries[log])
        hands.sql("delete from cc.log_leaf where log = %s and entry_id = %s", log, entries[log])
        assert hands.rows("select fault, seal_no from cc.audit_faults()") == [("chain", seal)]


@pytest.mark.parametrize(("table", "trigger"), [
    ("case_event", "append_only"), ("admin_log", "append_only"), ("reveal_log", "append_only"),
    ("admin_log", "queue_log"), ("reveal_log", "queue_log"), ("cases", "feed_case"), ("joint_event", "append_only"),
    ("joint_event", "queue_log"), ("joint_event", "feed_joint"),
])  # fmt: skip
def test_a_trigger_switched_off_or_dropped_is_named(
    table: str, trigger: str, hands: Hands, entries: dict[str, int]
) -> None:
    guarded = {table, *_partitions(hands, table)}
    for act in (f"alter table cc.{table} disable trigger {trigger}", f"drop trigger {trigger} on cc.{table}"):
        with hands.trying():
            hands.sql(act)
            assert _named(hands) == {("unguarded", f"{t}.{trigger}", None) for t in guarded}


def test_a_trigger_switched_off_in_one_partition_is_named(hands: Hands, entries: dict[str, int]) -> None:
    with hands.trying():
        part = hands.sql(
            "select max(inhrelid::regclass::text) from pg_inherits where inhparent = 'cc.case_event'::regclass"
        )
        hands.sql(f"alter table {part} disable trigger all")
        assert _named(hands) == {("unguarded", f"{part.removeprefix('cc.')}.append_only", None)}


def test_a_partition_taken_out_is_named_with_every_event_that_was_in_it(hands: Hands, entries: dict[str, int]) -> None:
    with hands.trying():
        part = hands.sql("select tableoid::regclass::text from cc.case_event limit 1")
        held = hands.rows(f"select case_id, seq from {part} order by 1, 2")
        hands.sql(f"alter table cc.case_event detach partition {part}")
        assert ("unguarded", part.removeprefix("cc."), None) in _named(hands)
        assert (
            hands.rows("select event_case, event_seq from cc.audit_faults() where fault = 'missing' order by 1, 2")
            == held
        )


def test_row_security_switched_off_is_named(hands: Hands, entries: dict[str, int]) -> None:
    with hands.trying():
        hands.sql("alter table cc.reporter disable row level security")
        assert _named(hands) == {("unguarded", "reporter", None)}


def test_a_trace_emptied_with_all_its_seals_is_named(hands: Hands, entries: dict[str, int]) -> None:
    with hands.trying():
        events = hands.rows("select case_id, seq from cc.case_event order by 1, 2")
        hands.sql("truncate cc.case_event, cc.seal, cc.seal_leaf, cc.seal_queue, cc.log_leaf, cc.log_queue")
        assert (
            hands.rows("select event_case, event_seq from cc.audit_faults() where fault = 'missing' order by 1, 2")
            == events
        )
        assert {("unsealed", log, entries[log]) for log in LOGS} <= _named(hands)


def test_a_chain_rewritten_to_its_end_lacks_the_head_that_was_kept(
    shared_town: Town, hands: Hands, entries: dict[str, int]
) -> None:
    kept = heads(shared_town.owner)[0].digest
    assert faults(shared_town.owner, [kept, EMPTY_CHAIN]) == []
    forged = "f" * 64
    assert faults(shared_town.owner, [forged]) == [Fault("head", None, None, None, None, forged)]
    hands.sql("select cc.seal_events()")
    assert heads(shared_town.owner)[0].digest != kept
    assert faults(shared_town.owner, [kept]) == []  # no longer the last, and still in the chain


def test_the_word_names_what_was_done_and_exits_with_1(town: Town) -> None:
    hands = Hands(town)
    case = Paths(hands).to("in_progress")
    _manage(hands)
    hands.sql("select cc.seal_events()")

    def verify(*more: str) -> subprocess.CompletedProcess[str]:
        words = [sys.executable, str(MAIN), "audit", "verify", "--database", dsn(town.url), *more]
        return subprocess.run(words, capture_output=True, text=True, check=False, timeout=120)

    assert verify().returncode == 0
    hands.sql("begin; set local session_replication_role = replica")
    hands.sql("update cc.case_event set actor_name = '别人' where case_id = %s and seq = 2", case)
    hands.sql("update cc.case_event set seq = 99 where case_id = %s and seq = 3", case)
    hands.sql("delete from cc.admin_log")
    hands.sql("commit; alter table cc.case_event disable trigger append_only")
    answer = verify("--head", "a" * 64)
    assert answer.returncode == 1, answer.stderr
    for words in (
        f"留痕被改动：区 1 案件 {case} 第 2 条", f"缺少留痕：区 1 案件 {case} 第 3 条", "多出留痕", "第 99 条",
        "留痕被删除：区 1 管理记录 第", "留痕失去保护（触发器、行级权限或分区）：case_event.append_only",
        f"另存的链末不在封存链中：{'a' * 64}",
    ):  # fmt: skip
        assert words in answer.stdout, answer.stdout
    told = json.loads(verify("--json").stdout)
    assert told["ok"] is False
    assert {
        "kind": "changed",
        "district": 1,
        "case": case,
        "event": 2,
        "seal": 1,
        "subject": None,
        "entry": None,
    } in told["faults"]
