"""Whistles, meetings and tasks by attack: read by their territory and their units, written by nobody's own hands."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tests.integration.meeting.table import Table
from tests.integration.security.conftest import Psql
from tests.support.town import Town

pytestmark = pytest.mark.database
Open = Callable[[str], Psql]
DENIED = "42501"
# Tables with the column that names the matter, and the matter's own table.
OF_A_SUMMONS = {
    "summons": "id", "summons_detail": "summons_id", "summons_case": "summons_id", "summons_party": "summons_id",
    "summons_party_detail": "summons_id", "summons_check": "summons_id", "joint_event": "entity_id",
}  # fmt: skip
OF_A_MEETING = {
    "meeting": "id", "meeting_detail": "meeting_id", "meeting_case": "meeting_id", "meeting_attendee": "meeting_id",
    "joint_event": "entity_id",
}  # fmt: skip
OF_A_TASK = {"task": "id", "task_detail": "task_id", "joint_event": "entity_id", "joint_file": "entity_id"}
WORDS = {
    "summons_detail", "summons_party_detail", "summons_check", "meeting_detail", "task_detail", "joint_event",
    "joint_file", "objection", "bulletin", "summons_document", "grid_team",
}  # fmt: skip


@dataclass(frozen=True)
class Matters:
    """One of each in 甲街道 with 区城管委, and one of each in 乙街道 with 公安分局."""

    summons: tuple[int, int]
    meeting: tuple[int, int]
    task: tuple[int, int]


@pytest.fixture(scope="module")
def table(shared_town: Town) -> Table:
    return Table(shared_town)


@pytest.fixture(scope="module")
def matters(table: Table) -> Matters:
    in_a, in_b = table.report(), table.report(lon=116.0225)
    orders = [
        table.open("order", units=(unit,), cases=[case], lon=lon, lat=40.0025)
        for unit, case, lon in (("D-CG", in_a, 116.0025), ("D-GA", in_b, 116.0225))
    ]
    for order in orders:
        table.do("supervisor", order, "sign")
    table.sql("update cc.summons set street_id = %s where id = %s", table.org("A"), orders[0])
    table.sql("update cc.summons set street_id = %s where id = %s", table.org("B"), orders[1])
    meetings = [table.call("supervisor", street, of=(unit,), cases=[case])
                for street, unit, case in (("A", "D-CG", in_a), ("B", "D-GA", in_b))]  # fmt: skip
    tasks = [table.assign("supervisor", street, unit) for street, unit in (("A", "D-CG"), ("B", "D-GA"))]
    for clerk, task in zip(("cg", "ga"), tasks, strict=True):
        table.attach_to(clerk, "task", task)
    return Matters(tuple(orders), tuple(meetings), tuple(tasks))  # type: ignore[arg-type]


def _seen(clerk: Psql, table: str, column: str, pair: tuple[int, int]) -> list[bool]:
    found = {row[0] for row in clerk(f"select {column} from cc.{table}")}
    return [which in found for which in pair]


@pytest.mark.parametrize(("kind", "part", "column"), [
    (kind, part, column)
    for kind, tables in (("summons", OF_A_SUMMONS), ("meeting", OF_A_MEETING), ("task", OF_A_TASK))
    for part, column in tables.items()
])  # fmt: skip
@pytest.mark.parametrize(("login", "sees"), [
    ("cg", [True, False]), ("ga", [False, True]), ("street_a", [True, False]), ("leader", [True, False]),
    ("leader_b", [False, True]), ("street_dispatcher", [True, False]), ("supervisor", [True, True]),
    ("evaluator", [True, True]), ("sw", [False, False]), ("pcs", [False, False]), ("admin", [False, False]),
    ("gateway", [False, False]),
])  # fmt: skip
def test_a_matter_is_read_by_its_territory_and_its_units(
    kind: str, part: str, column: str, login: str, sees: list[bool], psql: Open, matters: Matters
) -> None:
    assert _seen(psql(login), part, column, getattr(matters, kind)) == sees


@pytest.mark.parametrize("kind", ["summons", "meeting", "task"])
def test_the_hall_screen_reads_figures_and_no_words(kind: str, psql: Open, matters: Matters) -> None:
    screen = psql("screen")
    assert _seen(screen, kind, "id", getattr(matters, kind)) == [True, True]
    assert screen("select count(*) from cc.summons_party")[0][0] >= 2
    for table in WORDS:
        assert screen(f"select count(*) from cc.{table}") == [(0,)], table


def test_a_files_content_is_in_no_table_that_anybody_reads(psql: Open, matters: Matters) -> None:
    for login in ("cg", "supervisor"):
        assert psql(login).refused("select content from cc.joint_file").pgcode == DENIED
        assert psql(login).refused("select * from cc.joint_file").pgcode == DENIED
        assert psql(login)("select name from cc.joint_file")


@pytest.mark.parametrize("statement", [
    "select cc.summons_act(gen_random_uuid(), {summons}, 1, 'note', '{{\"text\": \"x\"}}')",
    "select cc.lane_act(gen_random_uuid(), {summons}, 1, 1, 'respond', '{{}}')",
    "select cc.meeting_act(gen_random_uuid(), {meeting}, 1, 'note', '{{\"text\": \"x\"}}')",
    "select cc.task_act(gen_random_uuid(), {task}, 1, 'note', '{{\"text\": \"x\"}}')",
    "select cc.meeting_file({meeting})", "select cc.task_file({task})",
    "select cc.attach_joint(gen_random_uuid(), 'summons', {summons}, 1, 'after', 'a', 'image/png',"
    " '\\x89504e470d0a1a0a')",
    "select cc.attach_joint(gen_random_uuid(), 'meeting', {meeting}, null, 'after', 'a', 'image/png',"
    " '\\x89504e470d0a1a0a')",
    "select cc.attach_joint(gen_random_uuid(), 'task', {task}, null, 'after', 'a', 'image/png', '\\x89504e470d0a1a0a')",
])  # fmt: skip
def test_an_unseen_matter_and_an_absent_one_are_answered_in_the_same_words(
    statement: str, psql: Open, matters: Matters
) -> None:
    clerk = psql("cg")
    hidden = {"summons": matters.summons[1], "meeting": matters.meeting[1], "task": matters.task[1]}
    unseen = clerk.refused(statement.format(**hidden))
    absent = clerk.refused(statement.format(**{name: which + 500000 for name, which in hidden.items()}))
    assert unseen.pgcode == absent.pgcode == "CC404"
    assert unseen.diag.message_primary == absent.diag.message_primary
    assert unseen.diag.message_detail == absent.diag.message_detail


def test_an_unseen_matter_is_not_locked_by_asking(psql: Open, table: Table, matters: Matters) -> None:
    """Whoever waits for a lock would tell that it exists, and hold it against those who see it."""
    with table.trying():
        for kind in ("summons", "meeting", "task"):
            table.sql(f"select from cc.{kind} where id = %s for update", getattr(matters, kind)[1])
        clerk = psql("cg")
        clerk("set lock_timeout = '1s'")
        for kind in ("summons", "meeting", "task"):
            call = f"select cc.{kind}_act(gen_random_uuid(), %s, 1, 'note', '{{\"text\": \"x\"}}')"
            assert clerk.refused(call, getattr(matters, kind)[1]).pgcode == "CC404"
        clerk("reset lock_timeout")


@pytest.mark.parametrize("statement", [
    "select cc.new_task('instruction', cc.caller_scope(1, ''), 8, 1, '假的', '', '', now(), null, null, null, null,"
    " cc.me(), 'supervisor', now())",
    "select cc.tell_joint('task', 1, 'x', cc.task_scope(1), '{}', now())",
    "select cc.joint_log('task', 1, 1, 9, cc.me(), 'supervisor', 'accept', '', 'done', null, null, '{}', now())",
    "select cc.mark_tasks(now() + interval '1 year')", "select cc.task_scope(1)", "select cc.meeting_scope(1)",
    "select cc.acknowledge_of_joint(1, 1, '{1}', cc.me(), now())", "select cc.joint_trace('task', 1)",
    "select cc.gateway_districts()", "select cc.set_attendee(m, 8, 'present', now()) from cc.meeting m",
    "select cc.task_row(k) from cc.task k",
])  # fmt: skip
@pytest.mark.parametrize("login", ["cg", "supervisor", "admin", "gateway"])
def test_no_inner_function_can_be_called(login: str, statement: str, psql: Open, matters: Matters) -> None:
    assert psql(login).refused(statement).pgcode == DENIED


@pytest.mark.parametrize("statement", [
    "select * from cc.task_detail where title::int = 0", "select * from cc.task where 1 / (unit_id - {unit}) = 0",
    "select * from cc.joint_event order by (what->>'title')::int",
    "select * from cc.meeting_detail where agenda::int = 1",
])  # fmt: skip
def test_a_leaky_condition_is_asked_of_visible_rows_only(statement: str, psql: Open, matters: Matters) -> None:
    unit = psql("supervisor").one("select unit_id from cc.task where id = %s", matters.task[0])
    assert psql("sw")(statement.format(unit=unit)) == []


def test_words_cannot_be_found_by_estimates(psql: Open, table: Table, matters: Matters) -> None:
    for letter in "abcdefghijkl":
        table.assign("supervisor", "B", "D-GA", title=f"{letter} 张三丰", text=f"{letter} 1391234567{letter}")
    table.sql("analyze cc.task_detail; analyze cc.joint_event")
    clerk = psql("sw")
    for name, column in (("task_detail", "title"), ("task_detail", "text"), ("joint_event", "what")):
        values = ["a", "c", "zz"] if column != "what" else ['{"a": 1}', '{"title": "m"}', '{"z": 1}']
        explain = f"explain (format json) select * from cc.{name} where {column} < %s"
        assert len({clerk.one(explain, value)[0]["Plan"]["Plan Rows"] for value in values}) == 1, column


def test_a_disabled_person_reads_and_does_nothing(table: Table, matters: Matters) -> None:
    with table.trying():
        table.sql("update cc.operator set active = false where login = 't_cg'")
        for name in ("summons", "summons_party", "meeting", "task", "joint_event", "whistle_rule", "grid_team"):
            assert table.as_person("cg", f"select count(*) from cc.{name}") == 0, name
        with pytest.raises(Exception, match="停用"):
            table.as_person("cg", "select cc.task_act(%s, %s, 1, 'note', '{}')", str(uuid.uuid4()), matters.task[0])


def test_a_bulletin_is_read_by_the_whole_district(table: Table, matters: Matters) -> None:
    with table.trying():
        table.sql(
            "insert into cc.bulletin"
            " (district_id, id, no, kind, summons_id, summons_no, party_no, unit_id, words, at, task_id)"
            " values (1, 9, 'TB-1', 'absent', %s, 'CS-1', 1, %s, '未报到', now(), %s)",
            matters.summons[0], table.org("D-CG"), matters.task[0],
        )  # fmt: skip
        count = "select count(*) from cc.bulletin"
        for login, sees in (("sw", 1), ("leader_b", 1), ("cg", 1), ("supervisor", 1), ("screen", 0), ("admin", 0)):
            assert table.as_person(login, count) == sees, login
