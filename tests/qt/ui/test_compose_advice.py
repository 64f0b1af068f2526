"""What speaks against a draft as it stands: beside the unit, in one line beside the verb, and never in the way."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtWidgets import QWidget

from commandcenter.domain.errors import ServerUnavailable
from commandcenter.domain.joint import Conflict
from tests.fakes.directory import org_id
from tests.fakes.joint_evening import the_evening
from tests.fakes.joint_rows import at, lane, summons
from tests.fakes.joint_rules import whistle_rules
from tests.qt.ui.test_compose_sheet import compose, fill, send, whole_order  # noqa: F401
from ui.joint.calling import Calling
from ui.joint.conflict_words import conflict_line, conflict_marks
from ui.joint.held_words import held_lines
from ui.joint.level_lines import level_gaps, with_lower_lines
from ui.screens.whistle.screen import JointScreen

SUMMONS = summons(1, "地锁", "和平里", (lane(1, "区城管委"),))


def test_what_claims_a_unit_is_said_in_full_at_the_unit_from_the_line_beside_the_verb(compose, city, qtbot):  # noqa: F811
    the_evening(city)
    composer = compose()
    composer.resize(700, 420)  # the team lies below the fold
    form = composer.form
    whole_order(form)
    fill(form, meet_at="2025-06-18T17:00:00+08:00")
    qtbot.waitUntil(form.advice.conflicts.isVisible)
    chip = form.parties.chips.chip(org_id("公安分局"))
    line, verb = (part.mapTo(composer, part.rect().topLeft()) for part in (form.advice.conflicts, form.submit_button))
    assert 0 < verb.y() - line.y() < 4 * form.submit_button.height() and not in_sight(chip)
    form.parties.remove(org_id("区城管执法局"))
    form.advice.conflicts._button.click()
    qtbot.waitUntil(lambda: chip.hasFocus() and in_sight(chip))
    assert "16:30–18:00 已有联合执法令 LH-20250618-0022" in form.parties._warned.text()
    form.place.setFocus()
    assert form.parties._warned.isHidden()


def in_sight(widget):
    """The whole of it can be seen."""
    return widget.visibleRegion().boundingRect() == widget.rect()


@pytest.mark.parametrize(("conflicts", "said"), [
    ([], ""), ([(1, "LH-20250618-0022")], "1 个单位届时另有召集：甲"),
    ([(1, "LH-20250618-0022"), (1, "CS-20250618-0003"), (2, "")], "2 个单位届时另有召集：甲、乙"),
    ([(n, "") for n in range(1, 5)], "4 个单位届时另有召集：甲、乙、丙等"),
])
def test_conflicts_are_summed_up_in_one_line(conflicts, said):
    found = [Conflict(unit, 7, no, at(16), at(18)) for unit, no in conflicts]
    assert conflict_line(found, " 甲乙丙丁".__getitem__) == said


def test_beside_a_unit_stands_the_first_hour_and_how_many_there_are():
    zone = ZoneInfo("Asia/Shanghai")
    found = [Conflict(1, 7, "LH-20250618-0022", at(18), at(20)), Conflict(1, 8, "", at(16), at(17)),
             Conflict(2, 7, "LH-20250618-0022", at(18), at(20))]
    assert conflict_marks(found, zone) == {1: "16:00–17:00 另有召集 等 2 项", 2: "18:00–20:00 LH-0022"}


# ------------------------------------------------------------------ what a level calls besides
def without(city, *lines):
    """A district that has no unit of these lines."""
    gone = {i for i, org in city.directory.orgs.items() if org.line in lines}
    gone |= {i for i, org in city.directory.orgs.items() if org.parent_id in gone}
    orgs = {i: org for i, org in city.directory.orgs.items() if i not in gone}
    city.directory = replace(city.directory, orgs=orgs)


def test_a_level_whose_line_has_no_unit_here_says_so_before_sending_and_can_be_sent(compose, city, qtbot):  # noqa: F811
    without(city, "司法")
    composer = compose()
    form = composer.form
    whole_order(form)
    assert not form.advice.isVisible()
    fill(form, level="hard")
    assert form.advice.missing.isVisible() and form.advice.missing.text() == "疑难哨应召集 司法：本区无此单位"
    assert form.advice.level.text() == "疑难哨还应召集 区网格中心、区信访办"
    fill(form, level="key")
    assert not form.advice.missing.isVisible() and form.advice.level.text() == "重点哨还应召集 区网格中心"
    fill(form, level="hard")
    assert send(qtbot, composer).state == "issued" and not form.advice.isVisible()


def test_what_a_level_calls_besides_joins_by_one_click_and_is_not_asked_for_again(compose, qtbot):  # noqa: F811
    composer = compose()
    form = composer.form
    whole_order(form)
    fill(form, level="hard")
    form.advice.level._button.click()
    units = [party.unit_id for party in form.parties.parties()]
    assert units[2:] == [org_id(name) for name in ("区网格中心", "区司法局", "区信访办")]
    assert not form.advice.isVisible() and form.parties.parties()[0].lead
    qtbot.waitUntil(lambda: len((composer._place.drafts.get("joint/order/new") or {}).get("parties", ())) == 5)


def test_a_level_wants_the_lines_of_those_below_it_too():
    normal, key, hard = whistle_rules().levels
    levels = (normal, replace(key, adds=("公安", "信访")), replace(hard, adds=("司法", "公安")))
    assert with_lower_lines(levels, "hard").adds == ("公安", "信访", "司法")
    assert with_lower_lines(levels, "key").adds == ("公安", "信访") and with_lower_lines(levels, "none") is None


def test_a_line_that_this_caller_may_not_call_says_why(city):
    rules = whistle_rules()
    street = Calling(city.directory, replace(rules, callers={"street": (("agency",), True)}), org_id("和平里"))
    gaps = level_gaps(street, rules.levels[2], ())
    assert ("网格中心", "街道不能召集这类单位") in gaps.missing
    own = Calling(city.directory, rules, org_id("区网格中心"), "district")
    assert "网格中心" not in {line for line, _ in level_gaps(own, rules.levels[2], ()).missing}


# ------------------------------------------------------------------ what the list calls
def test_a_listed_line_that_is_taken_off_is_said_and_comes_back_by_one_click(compose, city, qtbot):  # noqa: F811
    composer = compose()
    form = composer.form
    whole_order(form)
    fill(form, scenario="Z15")
    assert not form.advice.occasion.isVisible()
    form.parties.remove(org_id("公安分局"))
    assert form.advice.occasion.isVisible() and form.advice.occasion.text() == "清单应召集、未召集：公安"
    assert form.calling.unit_for("公安") == org_id("公安分局")
    form.advice.occasion._button.click()
    assert org_id("公安分局") in [party.unit_id for party in form.parties.parties()]
    assert not form.advice.occasion.isVisible()
    form.parties.remove(org_id("公安分局"))
    assert send(qtbot, composer).state == "issued", "said, not forbidden"


def test_a_listed_line_without_a_unit_here_stays_said_as_long_as_the_scenario_is_chosen(compose, city):  # noqa: F811
    without(city, "停车管理")
    form = compose().form
    whole_order(form)
    fill(form, scenario="Z15")
    assert form.advice.occasion.text() == "清单应召集、未召集：停车管理"
    assert not form.advice.occasion._button.isVisible()
    fill(form, title="改一个字")
    assert form.advice.occasion.isVisible()
    fill(form, scenario=None)
    assert not form.advice.occasion.isVisible()


# ------------------------------------------------------------------ an order is no whistle
def test_nothing_on_the_sheet_and_the_board_of_an_order_speaks_of_whistles(compose, make_place, city, qtbot):  # noqa: F811
    order, whistle = compose(), compose("whistle")
    assert words_of(whistle, "吹哨") != [] and words_of(order, "吹哨") == []
    assert "级别" in order.form._fields["level"]._label.text() and "哨级" in whistle.form._fields["level"]._label.text()
    place = make_place(city, "supervisor")
    board = JointScreen(place, "order").board
    qtbot.addWidget(board)
    place.joint.error = ServerUnavailable("断")
    assert board._state(False).title == "联合执法令读取失败"


def words_of(widget, word):
    """Texts, hints and names in it that hold this word."""
    told = [(one.property("text"), one.property("placeholderText"), one.toolTip(), one.accessibleName())
            for one in widget.findChildren(QWidget)]
    return [text for texts in told for text in texts if isinstance(text, str) and word in text]


def test_a_case_under_a_whistle_already_is_said_with_a_way_to_it_and_refuses_nothing(compose, city, qtbot):  # noqa: F811
    town = the_evening(city)
    row = next(r.row for r in town.summons.values() if r.row.cases and r.row.state in ("issued", "responded", "acting"))
    composer = compose("whistle")
    qtbot.waitUntil(lambda: bool(composer._place.holds.of(row.cases[0])))
    free = next(i for i in composer._place.live.picture.rows if not composer._place.holds.of(i))
    line = composer.form.advice.held
    composer.form.cases.add_cases([free])
    assert line.isHidden()
    composer.form.cases.add_cases([row.cases[0]])
    assert line.isVisible() and line._text.text() == f"{row.cases[0] % 10**9:06d} 已在 {row.no} 中"
    with qtbot.waitSignal(composer.summons_wanted) as told:
        line._button.click()
    assert told.args[0].id == row.id
    assert "cases" not in composer.form._problems()
    composer.form.cases._remove(row.cases[0])
    assert line.isHidden()


@pytest.mark.parametrize(("held", "said"), [
    ({}, ""), ({1: (7,), 2: (7,)}, "000001、000002 已在 CS-7 中"),
    ({1: (7, 8), 2: (8,)}, "000001、000002 已在 CS-8 中；000001 已在 CS-7 中"),
    ({1: (7, 8), 2: (9,)}, "000002 已在 CS-9 中；000001 已在 CS-8 中；另有 1 项"),
])
def test_what_holds_the_cases_is_summed_up_newest_first(held, said):
    def of(case_id):
        return [replace(SUMMONS, id=number, no=f"CS-{number}") for number in held.get(case_id, ())]

    words, newest = held_lines((1, 2, 3), of, "{:06d}".format)
    assert words == said
    assert (newest.id if newest else 0) == max((n for numbers in held.values() for n in numbers), default=0)
