"""What happened to a whistle, meeting or task is sealed: what a superuser of the server changes is found and named."""

import pytest

from db.cli.audit_words import verify
from db.cli.station import Station
from db.gateways.audit import faults
from tests.integration.meeting.table import Table
from tests.support.town import Town

pytestmark = pytest.mark.database
COLUMNS = (
    "district_id, entity, entity_id, seq, at, actor_login, actor_name, role, action, from_state, to_state"
)


@pytest.fixture(scope="module")
def sealed(table: Table) -> tuple[int, int, int]:
    """A meeting, a task and a whistle; what happened to them is sealed."""
    made = (table.call(), table.reported(), table.issued())
    table.sql("select cc.seal_events()")
    assert table.sql("select count(*) from cc.log_queue") == 0
    return made


def named(table: Table) -> set[tuple[str, str | None, int | None]]:
    return {(r[0], r[1], r[2]) for r in table.rows("select fault, subject, entry from cc.audit_faults()")}


def entry(table: Table, which: int, seq: int = 1) -> int:
    return int(table.sql("select id from cc.joint_event where entity_id = %s and seq = %s", which, seq))


def tamper(table: Table) -> None:
    table.sql("set local session_replication_role = replica")


def test_all_that_happened_is_sealed_and_sound(shared_town: Town, table: Table, sealed: tuple[int, int, int]) -> None:
    assert faults(shared_town.owner) == []
    leaves = "select count(*) from cc.log_leaf where log = 'joint_event'"
    assert table.sql(leaves) == table.sql("select count(*) from cc.joint_event") > 5


@pytest.mark.parametrize("change", [
    "actor_login = 't_ga'", "actor_name = '别人'", "actor_id = 1", "role = 'evaluator'", "action = 'cancel'",
    "at = at - interval '1 s'", "recorded_at = recorded_at - interval '1 microsecond'", "what = '{}'",
    "to_state = 'closed'", "from_state = 'x'", "party_no = 7", "unit_id = 7", "entity = 'summons'",
])  # fmt: skip
def test_one_that_was_changed_is_named(change: str, table: Table, sealed: tuple[int, int, int]) -> None:
    with table.trying():
        tamper(table)
        which = entry(table, sealed[1])
        table.sql(f"update cc.joint_event set {change} where id = %s", which)
        assert ("changed", "joint_event", which) in named(table)


def test_one_that_was_removed_is_named_and_leaves_a_gap(table: Table, sealed: tuple[int, int, int]) -> None:
    for matter in sealed:
        with table.trying():
            tamper(table)
            which = entry(table, matter)
            table.sql("delete from cc.joint_event where id = %s", which)
            assert named(table) == {("removed", "joint_event", which), ("missing", "joint_event", None)}


def test_one_that_was_removed_with_its_place_in_the_queue_leaves_a_gap(table: Table) -> None:
    number = table.call()
    with table.trying():
        tamper(table)
        table.sql("delete from cc.log_queue where log = 'joint_event' and entry_id = %s", entry(table, number))
        table.sql("delete from cc.joint_event where entity_id = %s", number)
        gap = table.rows("select fault, event_case, event_seq from cc.audit_faults()")
        assert gap == [("missing", number, 1)]


def test_one_that_was_put_in_is_named(table: Table, sealed: tuple[int, int, int]) -> None:
    forged = f"insert into cc.joint_event ({COLUMNS}) values (1, 'meeting', %s, 99, now(), 't_cg', '城管', 'handler',"
    with table.trying():
        tamper(table)
        put_in = table.sql(f"{forged} 'confirm', 'called', 'called') returning id", sealed[0])
        assert named(table) == {("unsealed", "joint_event", put_in), ("extra", "joint_event", put_in)}


def test_one_rewritten_with_its_leaf_breaks_the_chain(table: Table, sealed: tuple[int, int, int]) -> None:
    with table.trying():
        tamper(table)
        which = entry(table, sealed[2])
        table.sql("update cc.joint_event set actor_name = '别人' where id = %s", which)
        table.sql("update cc.log_leaf set digest = cc.entry_digest(district_id, log, entry_id)"
                  " where log = 'joint_event' and entry_id = %s", which)  # fmt: skip
        assert {row[0] for row in table.rows("select fault from cc.audit_faults()")} == {"chain"}


def test_the_word_names_the_matter(town: Town) -> None:
    table = Table(town)
    number = table.call()
    table.meet("cg", number, "confirm", unit="D-CG")
    table.sql("select cc.seal_events()")
    assert verify(Station(town.url)).ok
    table.sql("begin; set local session_replication_role = replica")
    table.sql("update cc.joint_event set actor_name = '别人' where entity_id = %s and seq = 1", number)
    table.sql("delete from cc.joint_event where entity_id = %s and seq = 2", number)
    table.sql("commit; alter table cc.joint_event disable trigger append_only")
    answer = verify(Station(town.url))
    assert not answer.ok
    said = "\n".join(answer.lines)
    for words in ("留痕被改动：区 1 吹哨、会商、交办留痕 第 1 条", "留痕被删除：区 1 吹哨、会商、交办留痕 第 2 条",
                  f"缺少留痕：区 1 事项 {number} 第 2 条", "joint_event.append_only"):  # fmt: skip
        assert words in said, said
