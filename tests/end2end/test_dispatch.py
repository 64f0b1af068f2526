"""派遣 with a real mouse and real keys: what the database holds afterwards, and what the screen says."""

import pytest

from tests.end2end.conftest import LastingDesk
from tests.support.desk import Desk
from tests.support.program import DISPATCHER, ProgramHome


@pytest.fixture
def desk(lasting_desk: LastingDesk) -> Desk:
    return lasting_desk("--user", DISPATCHER)


def is_dispatched(home: ProgramHome, case_id: int, unit: int) -> bool:
    """By the dispatcher of this desk, to this unit, with its event in the trace."""
    held = home.scalar("select state = 'dispatched' and unit_id = %s from cc.cases where id = %s", unit, case_id)
    return bool(held) and home.events(case_id)[-1] == ("dispatch", DISPATCHER)


def test_a_row_dragged_to_a_unit_is_dispatched_and_ctrl_z_takes_it_back(home: ProgramHome, desk: Desk) -> None:
    case_id, unit = home.filed(), home.unit()
    desk.drag(case_id, unit)
    assert "[撤销]" in desk.hears("已派 区城管委")
    desk.has_left(case_id)
    assert is_dispatched(home, case_id, unit)
    desk.screen.key("ctrl+z")
    desk.hears("已撤销对 区城管委 的派遣")
    assert not any("[撤销]" in toast for toast in desk.toasts()), "a button that would do nothing"
    desk.row(case_id)
    assert home.state(case_id) == "filed"
    assert home.events(case_id)[-1] == ("undo_dispatch", DISPATCHER)


def test_three_selected_rows_travel_together_and_the_toast_takes_them_back(home: ProgramHome, desk: Desk) -> None:
    cases, unit = [home.filed() for _ in range(3)], home.unit()
    desk.pick(*cases)
    desk.drag(cases[1], unit)
    desk.hears("3 件 已派 区城管委", "[撤销]")
    for case_id in cases:
        desk.has_left(case_id)
    desk.click_toast("撤销")
    desk.hears("已撤销", "3 件")
    for case_id in cases:
        desk.row(case_id)
        assert [step[0] for step in home.events(case_id)[-2:]] == ["dispatch", "undo_dispatch"]


def test_a_number_key_dispatches_to_the_recommended_unit(home: ProgramHome, desk: Desk) -> None:
    case_id = home.filed()
    desk.pick(case_id)
    first = desk.until(lambda: [card for card in desk.ask("cards")["cards"] if card["hotkey"] == 1])[0]
    assert "主管部门" in first["reason"]
    desk.screen.key("1")
    desk.has_left(case_id)
    assert is_dispatched(home, case_id, first["key"])
