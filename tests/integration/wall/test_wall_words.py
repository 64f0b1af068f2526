"""The hall reads no words and no names: nothing of what people wrote or are called comes through any of its doors."""

from __future__ import annotations

import json
import uuid

import psycopg2
import pytest

from tests.integration.whistle.lanes import Whistles
from tests.support.hands import Hands
from tests.support.paths import Paths
from tests.support.town import Town

pytestmark = pytest.mark.database

WORDS = ("恶臭难闻之处", "桃花源路八号", "欧阳铁柱", "13987654321", "已清运三车", "不归我们管", "三定方案第九条",
         "密议之事由", "机密集结点")  # fmt: skip
ANSWERS = (
    "select cc.wall_today()::text", "select cc.wall_month()::text", "select cc.wall_past()::text",
    "select coalesce(json_agg(x)::text, '') from cc.wall_latest(100) x",
    "select json_agg(x)::text from cc.wall_whistles('-infinity', '-infinity') x", "select cc.walls()::text",
    "select cc.wall_announce('大厅主墙')::text",
    "select json_agg(x)::text from cc.unit_scores('-infinity', 'infinity') x",
    "select json_agg(x)::text from cc.wall_plan x", "select coalesce(json_agg(x)::text, '') from cc.feed x",
    "select json_agg(x)::text from cc.feed_since('1:1:') x", "select json_agg(x)::text from cc.workers_now() x",
)  # fmt: skip
TABLES = (
    "case_detail", "case_event", "case_reporter", "case_request", "ledger", "attachment", "summons_detail",
    "summons_party_detail", "summons_check", "joint_event", "joint_file", "bulletin", "notice", "wall_push",
)  # fmt: skip


@pytest.fixture
def wall(town: Town, hands: Hands, paths: Paths) -> int:
    """A wall with a push, over a town in which every kind of word was written."""
    number = int(hands.as_person("screen", "select cc.wall_announce('大厅主墙')")["id"])
    case = hands.report(citizen=True, description=WORDS[0], address=WORDS[1],
                        reporter={"name": WORDS[2], "phone": WORDS[3]})  # fmt: skip
    hands.act("acceptor", case, "accept", item_id=hands.item("暴露垃圾"))
    hands.act("acceptor", case, "file")
    hands.act("dispatcher", case, "dispatch", unit_id=hands.org("D-CG"), note=WORDS[5])
    hands.act("cg", case, "return_case", reason=WORDS[5], legal_basis=WORDS[6])
    hands.act("dispatcher", case, "dispatch", unit_id=hands.org("D-SW"))
    hands.act("sw", case, "receive")
    hands.act("sw", case, "feedback", result=WORDS[4])
    Whistles(town).issued(title=WORDS[7], reason=WORDS[7], place=WORDS[8])
    push = "select cc.push_to_wall(%s, %s, 'case', %s)"
    hands.as_person("supervisor", push, str(uuid.uuid4()), number, case)
    return number


def test_nothing_that_the_hall_is_answered_holds_a_word_or_a_name(town: Town, hands: Hands, wall: int) -> None:
    names = [name for (name,) in hands.rows("select name from cc.operator where login <> 't_screen'")]
    screen = town.psql("screen")
    for question in ANSWERS:
        with screen.cursor() as cursor:
            cursor.execute(question)
            told = str(cursor.fetchone()[0])  # type: ignore[index]
        assert told
        found = [word for word in (*WORDS, *names) if word in told or json.dumps(word)[1:-1] in told]
        assert found == [], f"{question}: {found}"


def test_the_same_words_are_there_for_those_who_work_with_them(hands: Hands, wall: int) -> None:
    told = hands.as_person("supervisor", "select string_agg(d.description || d.address, ' ') from cc.case_detail d")
    assert WORDS[0] in told and WORDS[1] in told
    assert hands.as_person("supervisor", "select cc.walls()")[0]["push"]["by"] == "值班长甲"


@pytest.mark.parametrize("table", TABLES)
def test_no_table_of_words_opens_to_the_hall(table: str, town: Town, hands: Hands, wall: int) -> None:
    with town.psql("screen").cursor() as cursor:
        try:
            cursor.execute(f"select count(*) from cc.{table}")
        except psycopg2.errors.InsufficientPrivilege:
            return
        assert cursor.fetchone() == (0,)


def test_the_hall_does_nothing_to_a_case(town: Town, hands: Hands, wall: int) -> None:
    case = hands.sql("select max(id) from cc.cases")
    for statement in (
        "select cc.act(gen_random_uuid(), {0}, 1, 'note', '{{\"text\": \"x\"}}')",
        "select cc.report_case(gen_random_uuid(), '{{\"channel\": \"patrol\", \"description\": \"x\"}}')",
        "select cc.attach(gen_random_uuid(), {0}, 'scene', 'a', 'image/png', 'x')",
        "select cc.ask_reveal({0}, 1, '大屏要看一看')",
    ):  # fmt: skip
        with pytest.raises(psycopg2.Error) as refused, town.psql("screen").cursor() as cursor:
            cursor.execute(statement.format(case))
        assert refused.value.pgcode in ("CC403", "CC404", "CC422", "CC423"), statement
