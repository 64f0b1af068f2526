"""吹哨 from the dragged case to the archive: every step by its own person, and everybody's screen follows."""

from __future__ import annotations

import re
from pathlib import Path

from tests.end2end.conftest import OpenDesk
from tests.support import joint_desk as at
from tests.support.desk import Desk
from tests.support.program import CLERK, DISPATCHER, STREET_CLERK, STREET_HEAD, SUPERVISOR, ProgramHome

STREET, STATION, POLICEMAN = "110101001", "A-110101001-派出所", "donghuamen_pcs"
LINE_WORDS, STATION_WORDS = "东城区城市管理委员会", "东华门派出所"
PLACE = "116.4100, 39.9200"
TITLE = "Pole leans"
LOW = "Came without tools."
# 响应度 and the street's four as the city's rules say (whistle.toml), from nothing but the trace.
FROM_TRACE = """
with lanes as (
    select e.unit_id,
           bool_or(e.action = 'respond') as responded, bool_or(e.action in ('arrive', 'witness')) as came,
           bool_or(e.action in ('act', 'finish')) as acted,
           max((e.what ->> 'efficiency')::int) as efficiency, max((e.what ->> 'cooperation')::int) as cooperation,
           max((e.what ->> 'professional')::int) as professional,
           max((e.what ->> 'responsibility')::int) as responsibility
      from cc.joint_event e where e.entity_id = %s and e.party_no is not null group by e.unit_id),
scored as (
    select *, 30 * responded::int + 40 * came::int + 30 * acted::int as response,
           (efficiency + cooperation + professional + responsibility) / 4.0 as street from lanes)
select jsonb_agg(jsonb_build_array(
           unit_id, '1', response::text, efficiency::text, cooperation::text, professional::text, responsibility::text,
           '—', to_char((0.4 * response + 0.4 * street) / 0.8, 'FM990.0')) order by unit_id) from scored"""


def test_a_whistle_is_called_answered_rated_and_archived_between_people(
    home: ProgramHome, open_desk: OpenDesk, tmp_path: Path
) -> None:
    case_id, station = home.filed("电线杆倾斜"), home.unit(STATION)
    home.act(DISPATCHER, case_id, "dispatch", unit_id=home.unit(STREET))
    clerk, head, line = open_desk("--user", STREET_CLERK), open_desk("--user", STREET_HEAD), open_desk("--user", CLERK)
    for desk in (clerk, head, line):
        desk.ready()
    number = drafts(clerk, case_id)
    signs(head, clerk, number)
    answers(line, (clerk, head), number)
    home.lane(POLICEMAN, number, station, "respond")
    stands((clerk, head, line), STATION_WORDS, "已响应")
    arrives(line, (clerk, head))
    is_signed_in(clerk, (head, line))
    finishes(line, (clerk, head), at.photo(tmp_path))
    for action, state in (("finish", "已办结"), ("sign_off", "已签字")):
        home.lane(POLICEMAN, number, station, action, **({"result": "已加固"} if action == "finish" else {}))
        stands((clerk, head, line), STATION_WORDS, state)
    ends(head)
    rates(head)
    archives(open_desk("--user", SUPERVISOR), number)
    row = home.summons(number)
    assert (row.state, row.cases) == ("archived", (case_id,))
    assert trace(home, row.id) == WAY
    shows_scores(head, home, row.id)
    assert home.figures("audit", "verify")["faults"] == []


WAY = [
    ("draft", STREET_CLERK), ("sign", STREET_HEAD), ("respond", CLERK), ("respond", POLICEMAN), ("arrive", CLERK),
    ("witness", STREET_CLERK), ("act", CLERK), ("finish", CLERK), ("sign_off", CLERK), ("finish", POLICEMAN),
    ("sign_off", POLICEMAN), ("close", STREET_HEAD), ("rate", STREET_HEAD), ("rate", STREET_HEAD),
    ("verify", SUPERVISOR),
]  # fmt: skip


def trace(home: ProgramHome, summons_id: int) -> list[tuple[str, str]]:
    """What was done by hand: joining and what follows from others' deeds is left out."""
    told = home.scalar("select jsonb_agg(jsonb_build_array(action, actor_login) order by seq) from cc.joint_event"
                       " where entity_id = %s and actor_login <> '' and action <> all (%s)", summons_id,
                       ["join", "attach", "progress", "all_rated"])  # fmt: skip
    return [(action, login) for action, login in told]


def stands(desks: tuple[Desk, ...], unit: str, state: str) -> None:
    """Every screen shows the lane so, and nobody pressed anything."""
    for desk in desks:
        at.lane_is(desk, unit, state)


def drafts(clerk: Desk, case_id: int) -> str:
    """The case is dropped on 吹哨; a kind, a place, two units; sent to be signed. The whistle's number."""
    clerk.drag(case_id, "whistle")  # type: ignore[arg-type]
    clerk.until(lambda: at.writing(clerk))
    at.fill(clerk, "事由", TITLE)  # the list of scenarios, which was open, closes
    at.press(clerk, "综合执法")
    at.press(clerk, "重点哨")
    at.fill(clerk, "坐标", PLACE)
    for initials, name in (("cgw", "★ 区城管委"), ("dhmpcs", STATION_WORDS)):
        at.choose(clerk, "队伍", initials)
        at.says(clerk, name)
    at.send(clerk)
    found = re.search(r"CS-\d{8}-\d{4}", clerk.hears("吹哨 CS-", "已提交签批"))
    assert found is not None
    return found[0]


def signs(head: Desk, clerk: Desk, number: str) -> None:
    """The head is told, opens it and signs; the clerk's screen follows."""
    head.hears("提醒", number, "待签批")
    for desk in (clerk, head):
        at.open_number(desk, number)
    at.press(head, "签批吹哨")
    stands((clerk, head), LINE_WORDS, "待响应")
    at.says(clerk, "签批吹哨")


def answers(line: Desk, others: tuple[Desk, ...], number: str) -> None:
    """The called unit is told, and answers by one button."""
    line.hears("提醒", number, "待响应")
    at.open_number(line, number)
    at.press(line, "响应")
    stands((line, *others), LINE_WORDS, "已响应")


def arrives(line: Desk, others: tuple[Desk, ...]) -> None:
    """F2 opens the form; both coordinates are typed as one pair; 200 metres are checked by the database."""
    line.screen.key("F2")
    line.until(lambda: at.writing(line))
    line.write("116.5, 39.92")
    at.send(line)
    at.says(line, "米")
    stands((line,), LINE_WORDS, "已响应")
    at.fill(line, "经度", PLACE)
    at.send(line)
    stands((line, *others), LINE_WORDS, "已报到")


def is_signed_in(clerk: Desk, others: tuple[Desk, ...]) -> None:
    """The street's clerk sees who is there, and writes it down."""
    at.begin(clerk, "登记报到")
    clerk.write("2")
    at.send(clerk)
    stands((clerk, *others), STATION_WORDS, "已报到")


def finishes(line: Desk, others: tuple[Desk, ...], picture: Path) -> None:
    """A record, then the result with a photo, without which it is refused; then the signature."""
    at.begin(line, "处置记录")
    line.write("Pole propped up.")
    at.send(line)
    line.hears("已处置记录")
    at.begin(line, "办结反馈")
    line.write("New pole set.")
    at.send(line)
    at.says(line, "照片")
    at.add_file(line, picture)
    at.send(line)
    stands((line, *others), LINE_WORDS, "已办结")
    line.screen.key("F2")
    stands((line, *others), LINE_WORDS, "已签字")


def ends(head: Desk) -> None:
    """Every lane has signed: the whistle may end."""
    at.begin(head, "结束吹哨")
    head.write("Pole stands.")
    at.send(head)
    head.hears("已结束吹哨")


def rates(head: Desk) -> None:
    """Digits and Enter; a figure below sixty wants its reason. The next lane comes into sight by itself."""
    head.until(lambda: head.widgets(**{"class": "RatingRow"}))
    head.screen.key("F2")
    typed(head, 90, 85, 80, 95)
    head.hears("区城管委", "已评价")
    typed(head, 90, 55, 80, 70)
    at.says(head, "低于 60 分，请写理由")
    head.write(LOW)
    head.screen.key("Return")
    head.hears(STATION_WORDS, "已评价")


def typed(head: Desk, *scores: int) -> None:
    """The four figures, into the row that has the keyboard."""
    head.until(lambda: any(w["focus"] and not w["text"] and w["class"] == "ScoreEditor" for w in head.widgets()))
    for score in scores:
        head.screen.type(str(score))
        head.screen.key("Return")


def archives(district: Desk, number: str) -> None:
    """The district reads it and puts it away."""
    district.ready()
    at.open_number(district, number)
    at.press(district, "核验归档")
    district.hears("已核验归档")


def shows_scores(head: Desk, home: ProgramHome, summons_id: int) -> None:
    """一哨一考 on the head's screen is what the trace says, figure by figure."""
    wanted = home.scalar(FROM_TRACE, summons_id)
    assert len(wanted) == 2
    head.screen.key("Escape")
    head.until(lambda: figures(head) == wanted, again=lambda: head.screen.key("Escape"))


def figures(head: Desk) -> list[list[object]]:
    rows = head.ask("figures")["figures"].get("一哨一考", [])
    return sorted([key, *shown] for key, _title, *shown in rows)
