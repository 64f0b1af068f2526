"""一哨一考: figures per department, what is behind each, other months, and the file that goes out."""

import csv
import io
from dataclasses import replace

import pytest
from openpyxl import load_workbook

from commandcenter.domain.errors import ServerUnavailable
from commandcenter.ports import ReaderState
from tests.fakes.directory import org_id
from tests.fakes.joint_evening import the_evening
from tests.fakes.joint_rows import at, joint_id, summons
from tests.fakes.joint_town import town_of
from tests.fakes.session import PEOPLE, FakeReader, person
from tests.qt.ui.whistle_board import CITY_BOARD, LEADER, SUPERVISOR, column_of, elsewhere, open_board, texts
from ui.models.joint_scores import as_csv, month_of, score_rows
from ui.models.joint_steps import is_main, steps, waiting
from ui.screens.whistle import list_pane
from ui.screens.whistle.screen import JointScreen
from widgets.tones import Tone


@pytest.fixture
def screen(make_place, qtbot, city):
    return open_board(make_place, qtbot, city)


def cell(screen, unit, key):
    pane = screen.scores
    row = next(r for r in pane.table.figures.rows() if r.key == org_id(unit))
    return row.figures[[c.key for c in pane.table.figures.columns()].index(key)]


def listed(screen):
    model = screen.list.table.model()
    return [model.row_at(n).row.id for n in range(model.rowCount())]


def test_the_figures_are_those_of_the_database(screen):
    queries, month = screen.place.backend.session.joint_queries, screen.scores.month
    scores = queries.unit_scores(month.since, month.until)
    assert [row.key for row in screen.scores.table.figures.rows()] == [score.unit_id for score in scores]
    water = next(score for score in scores if score.unit_id == org_id("区水务局"))
    assert cell(screen, "区水务局", "score").text == f"{water.score:.1f}"
    assert cell(screen, "区水务局", "cooperation").text == f"{water.cooperation:.0f}"


def test_a_figure_below_the_citys_threshold_is_red_and_says_so(screen):
    low = cell(screen, "区水务局", "cooperation")
    assert (low.text, low.tone, low.told) == ("58", Tone.OVERDUE, "低于 60 分")
    assert cell(screen, "区水务局", "efficiency").tone is Tone.NORMAL


def test_the_threshold_is_the_citys_own(screen):
    queries, month = screen.place.backend.session.joint_queries, screen.scores.month
    strict = replace(screen.place.joint.rules, reason_below=90)
    rows = score_rows(queries.unit_scores(month.since, month.until), screen.tools.words, strict)
    water = next(row for row in rows if row.key == org_id("区水务局"))
    assert {figure.tone for figure in water.figures[2:6]} == {Tone.OVERDUE}


def test_every_figure_opens_the_whistles_behind_it(screen, qtbot):
    screen.scores.table.figure_chosen.emit(org_id("区水务局"), "cooperation")
    qtbot.waitUntil(lambda: listed(screen) == [joint_id(11)])
    entry = screen.list.table.model().row_at(0)
    assert entry.what == "58" and "区水务局 · 配合度" in screen.list._title.text()
    screen.list.table.activated_key.emit(entry.key)
    qtbot.waitUntil(lambda: screen.opened is not None and screen.opened.id == joint_id(11))


def test_archived_ones_behind_a_figure_can_be_opened(screen, qtbot):
    screen.scores.table.figure_chosen.emit(org_id("区市场监管局"), "score")
    qtbot.waitUntil(lambda: listed(screen) == [joint_id(12)])
    screen.list.table.activated_key.emit(screen.list.table.model().row_at(0).key)
    qtbot.waitUntil(lambda: screen.summons.file is not None and screen.summons.file.row.id == joint_id(12))
    assert screen.summons.file.conclusion == "取缔三户，责令两户办照。"


def test_the_footer_counts_faults(screen):
    words = [button.text() for button in screen.scores._faults]
    assert words == ["未响应 1", "迟响应 0", "未报到 1", "到场不作为 0", "整改中 1"]


def test_esc_leads_back_to_what_waits_for_me(screen, qtbot):
    screen.scores.table.figure_chosen.emit(org_id("区水务局"), "score")
    qtbot.waitUntil(lambda: listed(screen) == [joint_id(11)])
    screen.step_back()
    assert screen.list.showing == "待我办理"
    assert {joint_id(1), joint_id(2), joint_id(7)} <= set(listed(screen))


def test_what_waits_for_me_names_the_step_and_goes_when_it_is_done(make_place, qtbot, city):
    screen = open_board(make_place, qtbot, city, LEADER)
    model = screen.list.table.model()
    assert [(model.row_at(n).row.id, model.row_at(n).what) for n in range(model.rowCount())] == [(joint_id(10), "评价")]
    assert screen.list.mine.text() == "待我办理 1"
    elsewhere(city, LEADER, 10, "rate", 3, efficiency=90, cooperation=90, professional=90, responsibility=90)
    qtbot.waitUntil(lambda: screen.list.table.model().rowCount() == 0)


def test_a_rating_given_elsewhere_moves_the_figures(screen, city, qtbot):
    assert cell(screen, "公安分局", "lanes").told == "其中已评价 1"
    elsewhere(city, LEADER, 10, "rate", 3, efficiency=40, cooperation=90, professional=90, responsibility=90,
              reason="迟到")
    qtbot.waitUntil(lambda: cell(screen, "公安分局", "lanes").told == "其中已评价 2", timeout=10_000)
    assert cell(screen, "公安分局", "efficiency").text == "68"


def test_another_month_has_its_own_figures_and_the_present_one_ends_now(screen, qtbot):
    assert screen.scores.month.label == "2025-06" and not screen.scores.later.isEnabled()
    screen.scores.earlier.click()
    assert screen.scores.month.label == "2025-05"
    qtbot.waitUntil(lambda: screen.scores.ready and screen.scores._state.isVisible())
    assert not screen.scores.export.isEnabled()
    screen.scores.later.click()
    qtbot.waitUntil(lambda: screen.scores.table.isVisible() and len(screen.scores.table.figures.rows()) == 7)


def test_a_month_begins_and_ends_at_the_citys_midnight(screen):
    words, now = screen.tools.words, screen.place.live.clock.now()
    first = [words.words.local(month_of(now, words, back).since) for back in (0, 5, 6)]
    assert [(d.year, d.month, d.day, d.hour) for d in first] == [(2025, 6, 1, 0), (2025, 1, 1, 0), (2024, 12, 1, 0)]
    assert month_of(now, words, 1).until == month_of(now, words).since


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_file_holds_what_the_screen_shows(screen, qtbot, tmp_path, ending):
    target = tmp_path / f"考评.{ending}"
    screen.scores.file.save(target)
    qtbot.waitUntil(lambda: any("已导出" in text for text in texts(screen)))
    rows = _read(target)
    assert rows[0][:4] == ["部门", "哨数", "响应度", "效率"] and rows[0][-1] == "整改中"
    shown = [row.told for row in screen.scores.table.figures.rows()]
    assert [row[0] for row in rows[1:]] == shown
    water = next(row for row in rows if row[0] == "东城区水务局")
    assert float(water[rows[0].index("配合度")]) == 58


def test_a_file_that_cannot_be_written_is_said(screen, qtbot, tmp_path):
    screen.scores.file.save(tmp_path / "没有" / "考评.csv")
    qtbot.waitUntil(lambda: any("没有导出" in text for text in texts(screen)))


def test_a_name_is_never_a_formula():
    assert as_csv([["=1+1", "-2", -2, 3.5]]).decode("utf-8-sig").strip() == "'=1+1,'-2,-2,3.5"


def test_figures_that_cannot_be_read_say_why(make_place, qtbot, city):
    screen = open_board(make_place, qtbot, city)
    screen.place.backend.session.joint_queries.door.order(ServerUnavailable("数据库没有回应"))
    screen.scores.go(1)
    qtbot.waitUntil(lambda: "数据库没有回应" in screen.scores._state.accessibleDescription())
    screen.scores._state.action_triggered.emit()
    qtbot.waitUntil(lambda: screen.scores.ready)


def test_figures_from_a_replica_say_until_when_they_stand(make_place, qtbot, city):
    the_evening(city)
    place = make_place(city, "supervisor")
    place.backend.session.reader = FakeReader()
    place.reports._reader = place.backend.session.reader
    place.backend.session.reader.state = ReaderState("replica", place.live.clock.now(), 38.0)
    screen = JointScreen(place, "whistle")
    qtbot.addWidget(screen)
    screen.show()
    place.live.begin()
    qtbot.waitUntil(lambda: "报表库落后 38 秒" in screen.scores.source.text(), timeout=10_000)


def test_what_is_over_can_be_looked_up(screen, qtbot, city):
    screen.list.over.click()
    over = sorted(r.row.id for r in town_of(city).summons.values() if not r.row.open and r.row.kind == "whistle")
    qtbot.waitUntil(lambda: sorted(listed(screen)) == over)


def test_a_supervisor_sees_what_waits_for_him(screen):
    model = screen.list.table.model()
    found = {(model.row_at(n).row.id, model.row_at(n).what) for n in range(model.rowCount())}
    assert {(joint_id(1), "签批吹哨"), (joint_id(7), "同意退哨"), (joint_id(11), "核验归档")} <= found
    assert SUPERVISOR.roles() == {"supervisor"}


def _read(path):
    if path.suffix == ".csv":
        return list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"))))
    return [list(row) for row in load_workbook(path).active.iter_rows(values_only=True)]


@pytest.mark.parametrize("who", [SUPERVISOR, LEADER, CITY_BOARD,
                                 person(7, "k0001", ("evaluator", "东城区")), PEOPLE["all"]])
def test_what_waits_is_exactly_the_next_steps_that_are_offered(city, who):
    directory = city.directory
    for record in the_evening(city).summons.values():
        row = record.row
        offered = [step for step in steps(row, who, directory) if is_main(step, row)]
        assert waiting(row, who, directory) == offered, row.title


def test_the_archive_goes_back_page_by_page(make_place, qtbot, city, monkeypatch):
    monkeypatch.setattr(list_pane, "_PAGE", 3)
    town = town_of(city)
    for number in range(200, 207):
        town.put(summons(number, f"旧 {number}", "景山", (), state="archived", issued_at=at(8), closed_at=at(9)))
    screen = open_board(make_place, qtbot, city, evening=False)
    screen.list.over.click()
    qtbot.waitUntil(lambda: len(listed(screen)) == 3)
    assert screen.list.older.isVisible()
    for shown in (6, 7):
        screen.list.older.click()
        qtbot.waitUntil(lambda shown=shown: len(listed(screen)) == shown)
    assert not screen.list.older.isVisible()


def test_only_what_ends_makes_the_archive_be_read_anew(screen, city, qtbot):
    screen.list.over.click()
    qtbot.waitUntil(lambda: joint_id(12) in listed(screen))
    qtbot.waitUntil(lambda: not screen.list._later.isActive() and not screen.place.backend.running)
    queries = screen.place.backend.session.joint_queries
    asked = []
    archived = queries.archived
    queries.archived = lambda *args: asked.append(args) or archived(*args)
    elsewhere(city, SUPERVISOR, 1, "sign")
    qtbot.waitUntil(lambda: column_of(screen, 1) == "issued")
    qtbot.wait(150)
    assert asked == []
    elsewhere(city, SUPERVISOR, 2, "discard", reason="误报")
    qtbot.waitUntil(lambda: joint_id(2) in listed(screen))
