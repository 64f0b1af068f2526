"""Figures from a replica say until when they go; that the primary answers instead is said once."""

import pytest

from commandcenter.ports import ReaderState
from tests.fakes.session import PEOPLE, FakeReader, FakeSession
from ui.app.top_bar import TopBar
from ui.models.report_words import chip_words, source_line, span
from ui.models.words import CaseWords
from ui.screens.desk.desk import DeskScreen
from ui.screens.registry import SCREENS
from ui.screens.workplace import Workplace
from widgets.tones import Tone

AT = 1_750_000_000.0
SAME = ReaderState("replica", AT)
LATE = ReaderState("replica", AT, 38.4)
ALONE = ReaderState("replica", AT, 125.0, alone=True, reason="连接已断开")
DEAD = ReaderState("primary", reason="报表库 db2:5432 连不上或没有回答")
NONE = ReaderState("none", reason="报表库 db2:5432 连不上或没有回答")


@pytest.fixture
def reader():
    return FakeReader()


@pytest.fixture
def place(loop, run, tmp_path, city, reader):
    session = FakeSession(city, PEOPLE["dispatcher"])
    session.reader = reader
    made = Workplace(session, tmp_path)
    yield made
    run(made.close())


@pytest.fixture
def ask(place, reader, run):
    """ask(state): a report that came from there."""
    def report(state):
        reader.state = state
        run(place.backend.ask(lambda queries: queries.unit_figures()))
    return report


def said(place):
    return [f"{note.text} {note.detail}".strip() for note in place.notices.notes()]


def test_words_never_leave_out_the_time(city):
    words = CaseWords(city.directory)
    clock = words.clock_time(AT)
    assert source_line(SAME, words) == f"数据截至 {clock}，报表库与主库同步"
    assert source_line(LATE, words) == f"数据截至 {clock}，报表库落后 38 秒"
    assert source_line(ALONE, words) == f"主库连不上，由报表库回答：数据截至 {clock}（2 分 5 秒前）"
    assert source_line(DEAD, words) == "由主库回答：报表库 db2:5432 连不上或没有回答"
    assert source_line(NONE, words) == "报表暂时读不到：报表库 db2:5432 连不上或没有回答；主库也连不上"
    old = ReaderState("replica", AT, 90_000.0, alone=True)
    assert words.date_time(AT) in source_line(old, words)
    assert "不明" in source_line(ReaderState("replica", 0.0, 9e8, alone=True), words)


def test_every_state_has_a_mark_and_words_of_its_own():
    shown = {chip_words(state)[0] for state in (None, SAME, LATE, ALONE, DEAD, NONE)}
    assert len(shown) == 6
    assert chip_words(None)[1] is Tone.NORMAL  # nothing is known yet
    assert [chip_words(state)[1] for state in (SAME, LATE, NONE)] == [Tone.OK, Tone.NEAR, Tone.OVERDUE]


def test_spans():
    assert [span(s) for s in (0.9, 59.9, 60, 3725)] == ["0 秒", "59 秒", "1 分 0 秒", "1 小时 2 分"]


def test_a_change_of_source_is_said_once(place, ask):
    ask(SAME)
    assert said(place) == []
    ask(DEAD)
    ask(ReaderState("primary", reason="报表库 db2:5432 不能使用：它可以写入"))
    assert said(place) == ["报表改由主库回答 报表库 db2:5432 连不上或没有回答"]
    ask(LATE)
    ask(SAME)
    assert said(place)[0] == "报表库已恢复，报表由它回答" and len(said(place)) == 2
    ask(ALONE)
    ask(NONE)
    assert [words.split()[0] for words in said(place)[:2]] == ["报表暂时读不到", "主库连不上，报表由报表库回答"]


def test_a_return_is_listed_without_raising_a_voice(place, ask):
    raised = []
    place.notices.posted.connect(lambda note, _: raised.append(note.text))
    ask(DEAD)
    ask(SAME)
    assert raised == ["报表改由主库回答"]


def test_the_top_bar_shows_the_replica_and_says_it_in_full(place, ask, qtbot):
    bar = TopBar(place, list(SCREENS.values()))
    qtbot.addWidget(bar)
    bar.show()
    assert bar.reader.isVisible()
    ask(LATE)
    assert bar.reader.text() == "◐ 报表库落后 38 秒"
    assert bar.reader.toolTip() == source_line(LATE, place.words)
    assert source_line(LATE, place.words) in bar.reader.accessibleName()
    bar.reader.click()
    assert said(place)[0].endswith(source_line(LATE, place.words))


def test_the_unit_pane_says_it_under_its_figures(place, reader, qtbot):
    reader.state = LATE
    desk = DeskScreen(place)
    qtbot.addWidget(desk)
    desk.resize(1600, 900)
    desk.show()
    place.live.begin()
    qtbot.waitUntil(lambda: desk.complete, timeout=10_000)
    pane = desk.side.units
    assert pane.source.text() == f"近 30 天：{source_line(LATE, place.words)}"
    assert pane.source.isVisible()


def test_without_a_replica_nothing_of_it_is_shown(make_place, city, qtbot):
    bar = TopBar(make_place(city), list(SCREENS.values()))
    qtbot.addWidget(bar)
    bar.show()
    assert not bar.reader.isVisible()
