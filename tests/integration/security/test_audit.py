"""留痕校验: whatever somebody with all rights does to the trace afterwards, the seals name it."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from db.backup import backup, restore
from db.embedded import Server
from db.engine import make_engine
from db.gateways.audit import Fault, faults, heads
from tests.support.hands import Hands
from tests.support.paths import Paths
from tests.support.servers import create_database, drop_database
from tests.support.town import Town

pytestmark = pytest.mark.database
# What a forger with all rights would do to hide his tracks.
NEW_LEAVES = """update cc.seal_leaf l set digest = cc.event_digest(e) from cc.case_event e
  where e.case_id = l.case_id and e.seq = l.seq"""
NEW_SEAL = "update cc.seal set digest = cc.seal_digest(previous, district_id, id, at, events) where id = %s"


@pytest.fixture(scope="module")
def case(hands: Hands, paths: Paths) -> int:
    """A closed case among others, in several seals, with one event waiting to be sealed."""
    for state in ("returned", "suspended", "merged", "force_closed"):
        paths.to(state)
        hands.sql("select cc.run_duty()")
    case = paths.to("verified")
    hands.sql("select cc.run_duty()")
    paths.answer(case)
    hands.sql("select cc.run_duty()")
    hands.act("supervisor", case, "note", text="待封存")
    return case


@contextmanager
def _tampering(hands: Hands) -> Iterator[None]:
    """As a superuser who switches the triggers off; taken back afterwards."""
    with hands.trying():
        hands.sql("set local session_replication_role = replica")
        yield


def _faults(hands: Hands) -> list[tuple[str, int | None, int | None, int | None]]:
    return [(r[0], r[1], r[2], r[3]) for r in hands.rows(
        "select fault, event_case, event_seq, seal_no from cc.audit_faults() order by 1, 2, 3, 4"
    )]  # fmt: skip


def _seal_of(hands: Hands, case: int, seq: int) -> int:
    return int(hands.sql("select seal_id from cc.seal_leaf where case_id = %s and seq = %s", case, seq))


def test_a_true_trace_has_no_fault_and_many_seals(shared_town: Town, hands: Hands, case: int) -> None:
    assert faults(shared_town.owner) == []
    head = heads(shared_town.owner)[0]
    assert head.seals >= 6 and head.waiting == 1
    assert head.events + head.waiting == hands.sql("select count(*) from cc.case_event")
    assert len(head.digest) == 64


@pytest.mark.parametrize("change", [
    "actor_name = '别人'", "actor_login = 't_ga'", "actor_id = actor_id + 1", "at = at - interval '1 s'",
    "role = 'admin'",
    "recorded_at = recorded_at - interval '1 microsecond'", "action = 'note'", "from_state = 'returned'",
    "to_state = 'closed'", "unit_id = null", "street_id = null", "community_id = 0",
    "what = what || '{\"reason\": \"改\"}'",
])  # fmt: skip
def test_an_event_that_was_changed_is_named(change: str, hands: Hands, case: int) -> None:
    with _tampering(hands):
        hands.sql(f"update cc.case_event set {change} where case_id = %s and seq = 4", case)
        assert _faults(hands) == [("changed", case, 4, _seal_of(hands, case, 4))]
        check = hands.as_person("supervisor", "select cc.trace_check(%s)", case)
        assert check["broken"] == 1


def test_an_event_sealed_before_it_knew_its_place_is_sound_and_a_change_of_it_is_named(hands: Hands, case: int) -> None:
    seal = _seal_of(hands, case, 4)
    with _tampering(hands):
        hands.sql(
            "update cc.seal_leaf l set digest = cc.event_digest_without_place(e) from cc.case_event e"
            " where e.case_id = l.case_id and e.seq = l.seq and l.case_id = %s and l.seq = 4", case,
        )  # fmt: skip
        assert _faults(hands) == [("chain", None, None, seal)]  # the leaf was rewritten; the event itself is sound
        hands.sql("update cc.case_event set role = 'admin' where case_id = %s and seq = 4", case)
        assert ("changed", case, 4, seal) in _faults(hands)


def test_an_event_that_was_removed_is_named(hands: Hands, case: int) -> None:
    with _tampering(hands):
        hands.sql("delete from cc.case_event where case_id = %s and seq = 4", case)
        assert _faults(hands) == [("missing", case, 4, None), ("removed", case, 4, _seal_of(hands, case, 4))]
        assert hands.as_person("supervisor", "select cc.trace_check(%s)", case)["broken"] == 1


def test_an_event_removed_before_it_was_sealed_is_named(hands: Hands, case: int) -> None:
    last = int(hands.sql("select events from cc.cases where id = %s", case))
    with _tampering(hands):
        hands.sql("delete from cc.case_event where case_id = %s and seq = %s", case, last)
        hands.sql("delete from cc.seal_queue where case_id = %s and seq = %s", case, last)
        assert _faults(hands) == [("missing", case, last, None)]


def test_an_event_that_was_put_in_is_named(hands: Hands, case: int) -> None:
    last = int(hands.sql("select events from cc.cases where id = %s", case))
    with _tampering(hands):
        hands.sql(
            "insert into cc.case_event select district_id, case_id, %s, at, recorded_at, actor_id, actor_login,"
            " actor_name, role, action, from_state, to_state, unit_id, what from cc.case_event"
            " where case_id = %s and seq = 4", last + 1, case,
        )  # fmt: skip
        assert _faults(hands) == [("extra", case, last + 1, None), ("unsealed", case, last + 1, None)]
        assert hands.as_person("supervisor", "select cc.trace_check(%s)", case)["broken"] == 1
        hands.sql("insert into cc.seal_queue select district_id, id, %s from cc.cases where id = %s", last + 1, case)
        hands.sql("select cc.seal_events()")
        assert _faults(hands) == [("extra", case, last + 1, None)]


def test_one_changed_and_one_put_in_do_not_cancel_out(hands: Hands, case: int) -> None:
    last = int(hands.sql("select events from cc.cases where id = %s", case))
    with _tampering(hands):
        hands.sql("update cc.case_event set actor_name = '别人' where case_id = %s and seq = 2", case)
        hands.sql("delete from cc.case_event where case_id = %s and seq = 3", case)
        hands.sql("update cc.case_event set seq = %s where case_id = %s and seq = 4", last + 1, case)
        assert hands.as_person("supervisor", "select cc.trace_check(%s)", case)["broken"] == 4


def test_a_leaf_rewritten_with_its_event_breaks_the_chain(hands: Hands, case: int) -> None:
    seal = _seal_of(hands, case, 4)
    with _tampering(hands):
        hands.sql("update cc.case_event set actor_name = '别人' where case_id = %s and seq = 4", case)
        hands.sql(NEW_LEAVES)
        assert _faults(hands) == [("chain", None, None, seal)]


def test_a_seal_rewritten_with_all_that_it_covers_breaks_the_next(hands: Hands, case: int) -> None:
    seal = _seal_of(hands, case, 4)
    with _tampering(hands):
        hands.sql("update cc.case_event set actor_name = '别人' where case_id = %s and seq = 4", case)
        hands.sql(NEW_LEAVES)
        hands.sql(NEW_SEAL, seal)
        assert _faults(hands) == [("chain", None, None, seal + 1)]


@pytest.mark.parametrize("change", ["at = at - interval '1 day'", "events = events + 1", "previous = repeat('0', 64)",
                                    "digest = repeat('a', 64)"])  # fmt: skip
def test_a_seal_that_was_rewritten_is_named(change: str, hands: Hands, case: int) -> None:
    with _tampering(hands):
        hands.sql(f"update cc.seal set {change} where id = 3")
        named = {(fault[0], fault[3]) for fault in _faults(hands)}
        assert ("chain", 3) in named and named <= {("chain", 3), ("chain", 4)}


def test_a_seal_that_was_removed_is_named_even_the_last(hands: Hands, case: int) -> None:
    last = int(hands.sql("select max(id) from cc.seal"))
    for seal in (2, last):
        with _tampering(hands):
            hands.sql("delete from cc.seal where id = %s", seal)
            assert ("chain", None, None, seal) in _faults(hands)


def test_a_chain_rewritten_to_its_end_has_another_head(shared_town: Town, hands: Hands, case: int) -> None:
    """That is why the head is printed and kept elsewhere: inside the database nothing can tell."""
    before = heads(shared_town.owner)[0].digest
    with _tampering(hands):
        hands.sql("update cc.case_event set actor_name = '别人' where case_id = %s and seq = 4", case)
        hands.sql(NEW_LEAVES)
        for seal in hands.rows("select id from cc.seal order by id"):
            hands.sql(
                "update cc.seal s set previous = coalesce((select p.digest from cc.seal p where p.id = s.id - 1),"
                " repeat('0', 64)) where id = %s", seal[0],
            )  # fmt: skip
            hands.sql(
                "update cc.seal set digest = cc.seal_digest(previous, district_id, id, at, events) where id = %s",
                seal[0],
            )
        assert _faults(hands) == []
        assert hands.sql("select head from cc.audit_head()") != before


@pytest.mark.parametrize("setting", [
    "set local timezone = 'UTC'", "set local datestyle = 'SQL, DMY'", "set local extra_float_digits = -10",
    "set local bytea_output = 'escape'",
])  # fmt: skip
def test_the_digest_does_not_depend_on_the_settings_of_who_verifies(setting: str, hands: Hands, case: int) -> None:
    with hands.trying():
        hands.sql(setting)
        assert _faults(hands) == []


def test_only_an_auditor_verifies(hands: Hands, case: int) -> None:
    assert hands.as_person("auditor", "select count(*) from cc.audit_faults()") == 0
    for login in ("supervisor", "admin", "cg"):
        with pytest.raises(Exception, match="审计员"):
            hands.as_person(login, "select count(*) from cc.audit_faults()")


def test_seals_survive_a_backup_and_a_restore(
    shared_town: Town, town_template: Server, hands: Hands, case: int, tmp_path: Path
) -> None:
    head = heads(shared_town.owner)
    saved = backup(shared_town.url, tmp_path / "town.backup")
    name = f"town_{uuid.uuid4().hex[:12]}"
    url = create_database(town_template, name)
    try:
        restore(url, saved.file)
        engine = make_engine(url, application_name="restored", pool_size=1)
        assert faults(engine) == []
        assert heads(engine) == head
        with engine.begin() as connection:
            connection.exec_driver_sql("select cc.run_duty()")
        assert faults(engine) == []
        assert heads(engine)[0].waiting == 0
        with engine.begin() as connection:
            connection.exec_driver_sql("set local session_replication_role = replica")
            connection.exec_driver_sql("update cc.case_event set role = 'x' where seq = 1 and case_id = %s", (case,))
        assert [fault.kind for fault in faults(engine)] == ["changed"]
        engine.dispose()
    finally:
        drop_database(town_template, name)


def test_faults_come_to_the_program_as_plain_values(shared_town: Town, hands: Hands, case: int) -> None:
    fault = Fault("changed", 1, case, 4, _seal_of(hands, case, 4))
    with shared_town.owner.begin() as connection:
        connection.exec_driver_sql("set local session_replication_role = replica")
        connection.exec_driver_sql(
            "update cc.case_event set role = role || 'x' where case_id = %s and seq = 4", (case,)
        )
    try:
        assert faults(shared_town.owner) == [fault]
    finally:
        with shared_town.owner.begin() as connection:
            connection.exec_driver_sql("set local session_replication_role = replica")
            connection.exec_driver_sql(
                "update cc.case_event set role = rtrim(role, 'x') where case_id = %s and seq = 4", (case,)
            )
