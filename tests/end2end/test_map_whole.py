"""The map between people, by whole programs: a box becomes a whistle, a past moment is looked at and left again, one
key turns desks and wall to an event and its end gives them back."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.end2end.conftest import Keep, LastingDesk
from tests.end2end.test_wall import Hall
from tests.support import joint_desk as at
from tests.support import map_hands as on_map
from tests.support.desk import Desk
from tests.support.program import CLERK, DISPATCHER, STREET_HEAD, SUPERVISOR, UNIT, ProgramHome

HERE = (116.4040, 39.9120)  # 东华门街道, where no other test does anything
NEAR = ((116.4040, 39.9120), (116.4043, 39.9121), (116.4038, 39.9119))
BESIDE = (116.4075, 39.9120)  # in the same street, outside the box
LINE_WORDS = "★ 区城管委"
TURN_S = 20.0  # for a turn that takes half a second on a machine of its own
LATE_S = 3.0  # by which a clock on a busy machine may be behind
_HALF = 60  # pixels from the middle of a box to its sides
_CLOCK = re.compile(r"(\d+):(\d\d):(\d\d)$")


@pytest.fixture
def head(lasting_desk: LastingDesk) -> Desk:
    """The street's head, at his map from the beginning."""
    return lasting_desk("--screen", "map", "--user", STREET_HEAD, begin=on_map.stands_there)


@pytest.fixture
def supervisor(lasting_desk: LastingDesk) -> Desk:
    """The district's supervisor, at the map."""
    return lasting_desk("--screen", "map", "--user", SUPERVISOR, begin=on_map.stands_there)


@pytest.fixture
def hall(keep: Keep, home: ProgramHome, tmp_path: Path) -> Hall:
    """A wall that runs unattended."""

    @contextmanager
    def make() -> Iterator[Hall]:
        made = Hall(home, tmp_path)
        try:
            made.until(lambda: "实时" in made.says())
            yield made
        finally:
            made.close()

    return keep("hall", make)


# ------------------------------------------------------------ from the map to a whistle
def test_cases_boxed_on_the_map_become_a_whistle_that_pulses_there(
    home: ProgramHome, head: Desk, tmp_path: Path
) -> None:
    cases = on_map.placed(home, *NEAR)
    (beside,) = on_map.placed(home, BESIDE)
    on_map.go_to_map(head)
    head.until(lambda: set(on_map.table(head, "案件列表") or ()) >= {*cases, beside})
    middle, elsewhere = on_map.spot(head, *HERE), on_map.spot(head, *BESIDE)
    assert not on_map.pulses(head, tmp_path, middle)

    on_map.box(head, middle, _HALF)
    head.until(lambda: set(on_map.table(head, "案件列表") or ()) == set(cases),
               again=lambda: on_map.box(head, middle, _HALF))  # fmt: skip
    at.says(head, "框选")
    at.press(head, f"吹哨 {len(cases)}")
    head.until(lambda: at.writing(head))
    at.press(head, "综合执法")
    at.choose(head, "队伍", "cgw")
    at.says(head, LINE_WORDS)
    at.send(head)
    found = re.search(r"CS-\d{8}-\d{4}", head.hears("吹哨 CS-", "已发出"))
    assert found is not None

    row = home.summons(found[0])
    assert set(row.cases) == set(cases) and row.state == "issued"
    assert row.caller_id == home.unit("110101001") and {party.unit_id for party in row.parties} == {home.unit()}
    assert ("sign", STREET_HEAD) in home.steps(found[0])
    assert row.lon is not None and row.lat is not None
    assert (row.lon, row.lat) == pytest.approx(HERE, abs=1e-4)  # the middle of what was drawn, ten metres or so
    assert row.grid_id is not None

    on_map.go_to_map(head)
    place = on_map.spot(head, row.lon, row.lat)
    head.until(lambda: on_map.pulses(head, tmp_path, place))
    assert not on_map.pulses(head, tmp_path, elsewhere)
    assert on_map.listed(head, "吹哨 ") == open_whistles(home)
    on_map.click_at(head, place)
    head.until(lambda: on_map.card(head).startswith(f"{found[0].rpartition('-')[2]} "))


def open_whistles(home: ProgramHome) -> int:
    """Of the street."""
    return int(home.scalar("select count(*) from cc.summons where open and kind = 'whistle' and street_id = %s",
                           home.unit("110101001")))  # fmt: skip


# ------------------------------------------------------------ a past moment
def test_a_past_moment_is_shown_as_it_was_writes_nothing_and_is_left_for_the_present(
    home: ProgramHome, supervisor: Desk
) -> None:
    first, second = on_map.placed(home, *NEAR[:2])
    moment, then = written_down(home)
    home.act(DISPATCHER, first, "dispatch", unit_id=home.unit())
    home.act(CLERK, first, "receive")
    (third,) = on_map.placed(home, NEAR[2])
    home.on_summons(STREET_HEAD, home.whistle(UNIT), "sign")
    now, commands = as_it_stands(home), commands_of(home, SUPERVISOR)
    assert then != now

    on_map.go_to_map(supervisor)
    supervisor.screen.key("r")
    supervisor.until(lambda: at.field(supervisor, "回放时刻"), again=lambda: supervisor.screen.key("r"))
    on_map.type_moment(supervisor, f"{datetime.fromtimestamp(moment, ZoneInfo('Asia/Shanghai')):%Y-%m-%d %H:%M:%S}")
    shows(supervisor, then)
    on_map.choose_queue(supervisor, "待派遣")
    supervisor.until(lambda: first in (on_map.table(supervisor, "当时的案件") or ()))
    assert third not in on_map.table(supervisor, "当时的案件")
    assert supervisor.state()["open"] == now["在办总数"]  # the live picture went on beside it

    tries_to_write(supervisor)
    supervisor.click("播放")
    at.says(supervisor, "已到回放的末尾")
    shows(supervisor, now)
    assert commands_of(home, SUPERVISOR) == commands and as_it_stands(home) == now

    supervisor.click("回到现在")
    supervisor.until(lambda: at.field(supervisor, "回放时刻") is None)
    (fourth,) = on_map.placed(home, BESIDE)  # what comes in now is seen
    supervisor.until(lambda: set(on_map.table(supervisor, "案件列表") or ()) >= {first, second, third, fourth})
    supervisor.until(lambda: on_map.listed(supervisor, "北京市东城区在办") == now["在办总数"] + 1)


def as_it_stands(home: ProgramHome) -> dict[str, int]:
    """The supervisor's figures, from the rows."""
    session = home.session(SUPERVISOR)
    rows = [row for batch in session.queries.open_cases() for row in batch]
    states = Counter(row.state for row in rows)
    running = sum(states[state] for state in ("dispatched", "in_progress", "suspended"))
    whistles = len([row for row in session.joint_queries.open_joint().summons if row.open])
    return {"待受理": states["reported"], "待立案": states["accepted"], "待派遣": states["filed"], "在办": running,
            "待核查": states["feedback"], "吹哨与联合执法令": whistles, "在办总数": len(rows)}


def written_down(home: ProgramHome) -> tuple[int, dict[str, int]]:
    """A full second of the city's clock, and what stood in the rows then: nothing happens before it is over."""
    figures = as_it_stands(home)
    moment = int(home.scalar("select ceil(extract(epoch from cc.city_now()))"))
    while float(home.scalar("select extract(epoch from cc.city_now())")) <= moment:
        time.sleep(0.05)
    return moment, figures


def shows(desk: Desk, wanted: dict[str, int]) -> None:
    """Until queues, the line of the bar, and the map's own figure tell these."""
    wanted = dict(wanted)
    whole = wanted.pop("在办总数")
    desk.until(lambda: {name: on_map.figures(desk).get(name) for name in wanted} == wanted)
    desk.until(lambda: on_map.listed(desk, "北京市东城区在办") == whole)
    if not any("末尾" in w["text"] for w in desk.widgets(**{"class": "ElidedLabel"})):
        at.says(desk, f"当时在办 {whole:,} 件 · 吹哨与令 {wanted['吹哨与联合执法令']:,}")


def tries_to_write(desk: Desk) -> None:
    """Every key of the map that begins something, on a row of then: the window stays where it is."""
    desk.screen.key("Tab", "Down", "Return", "Delete", "ctrl+shift+b", "ctrl+shift+j", "ctrl+shift+t", "F12")
    desk.hears("请先选择案件、吹哨或地图上的地点")  # the last of them was answered
    assert desk.widgets(**{"class": "ReplaySide"})
    assert not desk.widgets(**{"class": "TopicDialog"})


def commands_of(home: ProgramHome, login: str) -> int:
    """How many this person ever sent."""
    return int(home.scalar("select count(*) from cc.command_log c join cc.operator o on o.id = c.actor_id"
                           " where o.login = %s", login))  # fmt: skip


# ------------------------------------------------------------ an emergency
def test_one_key_turns_desks_and_wall_to_an_event_and_its_end_gives_them_back(
    home: ProgramHome, supervisor: Desk, head: Desk, hall: Hall
) -> None:
    (case_id,) = on_map.placed(home, HERE)
    on_map.go_to_map(supervisor)
    at.go_to(head, at.WHISTLE)
    at.press(head, "＋ 拟哨")
    head.until(lambda: at.writing(head))
    at.fill(head, "事由", "Half a sentence")
    supervisor.until(lambda: case_id in (on_map.table(supervisor, "案件列表") or ()))
    on_map.find(supervisor, str(home.scalar("select no from cc.cases where id = %s", case_id)))
    assert "应急" not in hall.says()

    supervisor.screen.key("F12")
    for desk in (supervisor, head):
        desk.until(lambda desk=desk: desk.widgets(**{"class": "EmergencyScreen"}), TURN_S)
    hall.until(lambda: "▲ 应急" in hall.says(), TURN_S)
    event, began = home.scalar("select jsonb_build_array(id, extract(epoch from began_at)) from cc.emergency"
                               " where case_id = %s and ended_at is null", case_id)  # fmt: skip
    for screen in (supervisor, head, hall):
        tells_the_time(home, screen, began)

    head.screen.type(" for another form")  # it was under way when the window turned: nothing may come of it
    head.screen.key("Return")
    decides(supervisor, "Close the east gate")
    decides(head, "Two teams sent")
    for desk in (supervisor, head):
        at.says(desk, "Close the east gate")
        at.says(desk, "Two teams sent")
    hall.until(lambda: any("决定 2 项" in w["label"] for w in hall.ask("widgets")["widgets"]), TURN_S)
    assert log_of(home, event) == [("begin", SUPERVISOR, ""), ("decide", SUPERVISOR, "Close the east gate"),
                                   ("decide", STREET_HEAD, "Two teams sent")]  # fmt: skip

    supervisor.screen.key("ctrl+shift+x")
    supervisor.until(lambda: (field := supervisor.writing()) and field["label"] == "结束的情况",
                     again=lambda: supervisor.screen.key("ctrl+shift+x"))  # fmt: skip
    supervisor.write("All clear")
    supervisor.screen.key("Return")
    for desk in (supervisor, head):
        desk.until(lambda desk=desk: not desk.widgets(**{"class": "EmergencyScreen"}), TURN_S)
    hall.until(lambda: "应急" not in hall.says() and "实时" in hall.says(), TURN_S)
    assert log_of(home, event)[-1] == ("end", SUPERVISOR, "All clear")
    assert on_map.map_in_sight(supervisor) is not None
    head.until(lambda: (field := at.field(head, "事由")) and field["text"] == "Half a sentence")
    assert not any("已进行" in w["text"] for desk in (supervisor, head) for w in desk.widgets())
    at.fill(head, "事由", " ")  # no draft for who comes next


def decides(desk: Desk, words: str) -> None:
    """Ctrl+D, the words, Enter; until it is written down."""
    desk.screen.key("ctrl+d")
    desk.until(lambda: (field := desk.writing()) and field["label"] == "决定",
               again=lambda: desk.screen.key("ctrl+d"))  # fmt: skip
    desk.write(words)
    desk.screen.key("Return")
    desk.until(lambda: any(w["text"].endswith(words) and w["class"] == "QLabel" for w in desk.widgets()))


def clocks_of(desk: Desk | Hall) -> list[int]:
    """Seconds since the beginning, wherever this screen tells them; asked in one question."""
    told = [w for w in desk.ask("widgets")["widgets"] if w["rect"]]
    words = [w["label"] for w in told if w["class"] == "Card"]
    words += [w["text"] for w in told if w["class"] == "QLabel" and ("已进行" in w["text"] or _large(w))]
    found = [match for one in words if (match := _CLOCK.search(one))]
    return [int(hours) * 3600 + int(minutes) * 60 + int(seconds) for hours, minutes, seconds in
            (match.groups() for match in found)]  # fmt: skip


def _large(widget: dict[str, Any]) -> bool:
    """The clock of the heading: the times of the log are lower."""
    return bool(_CLOCK.fullmatch(widget["text"])) and widget["rect"][1] < 150


def tells_the_time(home: ProgramHome, screen: Desk | Hall, began: float) -> None:
    """All of its clocks the same second, and that of the city's clock."""
    earliest = since(home, began)
    clocks = clocks_of(screen)
    assert clocks and len(set(clocks)) == 1
    assert earliest - 1 - LATE_S <= clocks[0] <= since(home, began)


def since(home: ProgramHome, began: float) -> float:
    """Seconds of the city's clock."""
    return float(home.scalar("select extract(epoch from cc.city_now())")) - began


def log_of(home: ProgramHome, event: int) -> list[tuple[str, str, str]]:
    """What was done, by whom, in which words."""
    told = home.scalar("select jsonb_agg(jsonb_build_array(action, actor_login, words) order by seq)"
                       " from cc.emergency_event where emergency_id = %s", event)  # fmt: skip
    return [(action, login, words) for action, login, words in told]
