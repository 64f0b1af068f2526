"""态势: the hall's scenes at a desk, chosen by hand, which is no wall that anybody could push to."""

import csv

import pytest

from tests.fakes.decoder import FakeDecoder
from tests.fakes.wall import hall_of
from tests.qt.ui.map_desk import scatter
from tests.qt.ui.wall_hall import furnish
from ui.models.wall_lines import running
from ui.screens.wall.seat_screen import SeatScreen


@pytest.fixture
def seat(make_place, city, qtbot):
    scatter(city)
    place = make_place(city, "supervisor")
    place.make_decoder = FakeDecoder
    made = SeatScreen(place)
    qtbot.addWidget(made)
    made.resize(1600, 900)
    made.show()
    made.activateWindow()
    place.live.begin()
    qtbot.waitUntil(lambda: made.complete and bool(made.buttons), timeout=15_000)
    yield made
    made.keep_drafts()


def marked(seat):
    return [code for code, button in seat.buttons.items() if button.property("active") == "true"
            or button.property("active") is True]


def test_every_scene_of_the_round_has_a_button_and_the_one_shown_is_marked(seat):
    codes = [scene.code for scene in seat.wall.figures.plan.scenes if scene.rotates]
    assert list(seat.buttons) == codes and marked(seat) == [seat.wall.play.showing.scene.code]
    for code in codes[1:]:
        seat.buttons[code].click()
        assert seat.wall.play.showing.scene.code == code and marked(seat) == [code]


def test_it_does_not_turn_by_itself(seat):
    shown = seat.wall.play.showing
    seat.wall.play._since -= 3600
    seat.wall.tick()
    assert seat.wall.play.showing.scene == shown.scene


def test_it_is_no_wall_that_could_be_pushed_to(seat, city):
    assert seat.wall.post is None and not hall_of(city).walls


def test_type_is_of_a_desks_size(seat):
    assert seat.wall.unit <= 24


@pytest.mark.parametrize(("panel", "kinds"), [
    ("figures", ["png", "svg", "csv"]), ("steps", ["png", "svg", "csv"]), ("channels", ["png", "svg", "csv"]),
    ("trend", ["png", "svg", "csv"]), ("units", ["png", "svg", "csv"]), ("latest", ["png", "svg", "csv"]),
    ("map", ["png", "svg", "csv"]), ("video", ["png", "svg"]),
])  # fmt: skip
def test_every_panel_is_exported(seat, tmp_path, qtbot, panel, kinds):
    export = seat.exports[panel]
    assert export.kinds() == kinds
    for kind in kinds:
        file = tmp_path / f"{panel}.{kind}"
        with qtbot.waitSignal(export.saved, timeout=10_000):
            export.save(kind, file)
        assert file.stat().st_size > 20


def test_the_table_of_a_panel_has_the_figures_it_shows(seat, tmp_path, qtbot):
    steps, whole = _saved(seat, "steps", tmp_path, qtbot), seat.wall.figures.today.steps
    told = {row[0]: int(row[1]) for row in steps[1:]}
    names = ("采集", "立案", "派遣", "办理", "反馈", "核查", "结案")
    assert [told[name] for name in names] == list(whole)
    grids = _saved(seat, "map", tmp_path, qtbot)
    rows = seat.place.live.picture.rows.values()
    assert sum(int(row[2]) for row in grids[1:]) == sum(row.open and row.grid_id is not None for row in rows)


def _saved(seat, panel, folder, qtbot):
    file = folder / f"{panel}.csv"
    with qtbot.waitSignal(seat.exports[panel].saved):
        seat.exports[panel].save("csv", file)
    return list(csv.reader(file.read_text(encoding="utf-8-sig").splitlines()))


def test_a_figure_leads_to_its_cases_or_says_what_it_counts(seat, qtbot):
    wanted = []
    seat.figure_wanted.connect(wanted.append)
    for key in ("open", "overdue", "reported", "satisfied"):
        seat.wall.panels.tiles.figure_clicked.emit(key)
    assert wanted == ["open", "overdue"]
    said = [note.text for note in seat.place.notices.notes()]
    assert any("今日受理" in text for text in said) and any("满意率" in text for text in said)


def test_names_and_whistles_stand_on_its_map_though_they_were_there_before_it(make_place, city, qtbot):
    place = make_place(furnish(city), "supervisor")
    place.make_decoder = FakeDecoder
    place.live.begin()
    qtbot.waitUntil(lambda: place.joint.ready and bool(place.joint.summons))
    made = SeatScreen(place)
    qtbot.addWidget(made)
    made.resize(1366, 700)
    made.show()
    qtbot.waitUntil(lambda: made.complete)
    overlay, canvas = made.wall.panels.map.canvas._overlay, made.wall.panels.map.canvas
    qtbot.waitUntil(lambda: not canvas._rest.isActive() and not canvas._turns.isActive())
    made.grab()
    assert len(overlay.labels._placed) >= 5
    wanted = {row.id for row in running(place.joint.summons.values()) if row.lon is not None}
    assert wanted and {pulse.id for pulse in overlay.pulses} == wanted
    made.keep_drafts()
