"""Rates of the wall: from what they are made, and that nothing is said where there is nothing to say it of."""

from commandcenter.domain.wall import STEPS, Push, StageTime, Trend, WallMonth, WallToday


def _today(**measures: int) -> WallToday:
    return WallToday(0.0, 0.0, 86_400.0, measures, {1: 6, 2: 4}, 8, Trend(0.0, (), ()))


def _month(handled: int, late: int, followed: int, content: int, answers: int = 0, in_time: int = 0) -> WallMonth:
    return WallMonth(0.0, 0.0, 1.0, handled, late, followed, content, (), (), 0, answers, in_time)


def test_todays_rates() -> None:
    today = _today(report=10, close=5, self_handle=2, force_close=1, file=4, reopen=1, dispatch=3, rule=1,
                   undo_dispatch=2, receive=3, feedback=2, verify=1)  # fmt: skip
    assert (today.reported, today.closed, today.closing_rate, today.growth) == (10, 8, 0.8, 0.25)
    assert dict(zip([step.label for step in STEPS], today.steps, strict=True)) == {
        "采集": 10, "立案": 5, "派遣": 2, "办理": 3, "反馈": 2, "核查": 1, "结案": 8,
    }  # fmt: skip
    assert today.found_first({1: True, 2: False}) == 0.6


def test_a_dispatch_of_yesterday_undone_today_is_not_less_than_none() -> None:
    assert _today(undo_dispatch=1).steps[2] == 0


def test_the_months_rates() -> None:
    month = _month(40, 1, 10, 9, 20, 19)
    assert (month.on_time_rate, month.satisfaction, month.answer_rate) == (0.975, 0.9, 0.95)
    assert StageTime("handle", 4, 3600, 1).mean_s == 900


def test_of_nothing_there_is_no_rate() -> None:
    empty = WallToday(0.0, 0.0, 1.0, {}, {}, 0, Trend(0.0, (), ()))
    assert (empty.closing_rate, empty.growth, empty.found_first({})) == (None, None, None)
    month = _month(0, 0, 0, 0)
    assert (month.on_time_rate, month.satisfaction, month.answer_rate) == (None, None, None)
    assert StageTime("handle", 0, 0, 0).mean_s == 0


def test_a_push_ends_at_its_time() -> None:
    assert not Push("scene", None, "overview", 0.0).over(1e12)
    push = Push("case", 7, "", 0.0, until=100.0)
    assert (push.over(99.9), push.over(100.0)) == (False, True)
