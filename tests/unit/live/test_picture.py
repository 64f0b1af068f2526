"""The live picture takes in loads and merges, newest wins, and says precisely what changed."""

from __future__ import annotations

import pytest

from commandcenter.live.picture import LivePicture, PictureChange
from tests.support.case_rows import T0, case_row


def loaded(*rows) -> LivePicture:
    picture = LivePicture()
    picture.advance(T0)
    picture.load([rows])
    return picture


def test_a_load_reports_its_rows() -> None:
    picture = LivePicture()
    rows = [case_row(1), case_row(2)]
    assert picture.load([rows[:1], rows[1:]]) == PictureChange(tuple(rows), ())
    assert dict(picture.rows) == {1: rows[0], 2: rows[1]}


def test_a_resync_reports_only_the_difference() -> None:
    picture = loaded(case_row(1), case_row(2), case_row(3))
    newer = case_row(2, version=2)
    assert picture.resync([case_row(1), newer, case_row(4)]) == PictureChange((newer, case_row(4)), (3,))


def test_a_resync_follows_a_restored_database_back_to_older_versions() -> None:
    picture = loaded(case_row(1, version=9))
    older = case_row(1, version=4)
    assert picture.resync([older]).upserted == (older,)


def test_a_merge_takes_what_is_newer_and_drops_what_did_not_come_back() -> None:
    picture = loaded(case_row(1), case_row(2))
    newer = case_row(1, version=2, state="dispatched")
    assert picture.merge([newer], asked=[1, 2, 77]) == PictureChange((newer,), (2,))


@pytest.mark.parametrize("stale", [{"version": 2}, {"version": 3, "changed_at": T0 - 1}, {"version": 3}])
def test_an_older_or_equal_row_changes_nothing(stale: dict) -> None:
    held = case_row(1, version=3)
    picture = loaded(held)
    assert not picture.merge([case_row(1, summary="x", **stale)], asked=[1])
    assert picture.rows[1] is held


def test_a_change_that_keeps_the_version_is_told_by_its_time() -> None:
    picture = loaded(case_row(1))
    supervised = case_row(1, changed_at=T0 + 1, supervised=True)
    assert picture.merge([supervised], asked=[1]).upserted == (supervised,)


def test_a_closed_case_leaves_and_a_forced_closure_stays_until_cleared() -> None:
    picture = loaded(case_row(1), case_row(2))
    forced = case_row(2, version=2, state="force_closed", open=False, on_ledger=True)
    change = picture.merge([case_row(1, version=2, state="closed", open=False), forced], asked=[1, 2])
    assert change == PictureChange((forced,), (1,))
    cleared = case_row(2, version=3, state="force_closed", open=False)
    assert picture.merge([cleared], asked=[2]).removed == (2,)


def test_a_late_answer_does_not_bring_a_closed_case_back() -> None:
    picture = loaded(case_row(1))
    picture.merge([case_row(1, version=5, state="closed", open=False)], asked=[1])
    assert not picture.merge([case_row(1, version=4, state="verified")], asked=[1])
    reopened = case_row(1, version=6)
    assert picture.merge([reopened], asked=[1]).upserted == (reopened,)


def test_two_versions_in_one_answer_count_once() -> None:
    picture = loaded(case_row(1))
    last = case_row(1, version=3)
    assert picture.merge([case_row(1, version=2), last], asked=[1]) == PictureChange((last,), ())
    closed, reopened = case_row(1, version=4, open=False, state="closed"), case_row(1, version=5)
    assert picture.merge([closed, reopened], asked=[1]) == PictureChange((reopened,), ())


def test_what_was_merged_during_a_load_outranks_what_the_load_read_before() -> None:
    picture = loaded(case_row(1), case_row(2), case_row(3))
    picture.begin_load()
    newer = case_row(1, version=2)
    picture.merge([newer, case_row(2, version=2, state="closed", open=False), case_row(4)], asked=[1, 2, 3, 4])
    assert not picture.add([case_row(1), case_row(2), case_row(3)])
    assert picture.end_load() == PictureChange((), ())
    assert dict(picture.rows) == {1: newer, 4: case_row(4)}


def test_a_case_that_went_out_of_sight_during_a_load_stays_out() -> None:
    picture = LivePicture()
    picture.begin_load()
    picture.merge([], asked=[5])
    assert not picture.add([case_row(5)])
    picture.merge([case_row(5, version=2)], asked=[5])
    assert picture.rows[5].version == 2


def test_a_load_that_was_given_up_forgets_nothing() -> None:
    picture = loaded(case_row(1), case_row(2))
    picture.begin_load()
    picture.add([case_row(1)])
    picture.begin_load()
    picture.add([case_row(2)])
    assert picture.end_load().removed == (1,)


def test_adding_outside_a_load_is_a_bug() -> None:
    with pytest.raises(RuntimeError):
        LivePicture().add([])


def test_time_makes_a_case_near_and_then_overdue() -> None:
    row = case_row(1, warn_at=T0 + 10, deadline=T0 + 20)
    picture = loaded(row)
    assert picture.advance(T0 + 9) == ()
    assert picture.advance(T0 + 10) == (row,)
    assert (picture.timing(1), picture.counts["near"], picture.counts["overdue"]) == ("near", 1, 0)
    assert picture.advance(T0 + 20) == ()
    assert picture.advance(T0 + 20.5) == (row,)
    assert (picture.timing(1), picture.counts["near"], picture.counts["overdue"]) == ("overdue", 0, 1)
    assert picture.advance(T0 + 900) == ()


def test_an_extension_takes_a_case_out_of_overdue() -> None:
    picture = loaded(case_row(1, warn_at=T0 - 20, deadline=T0 - 10))
    assert picture.counts["overdue"] == 1
    picture.merge([case_row(1, version=2, warn_at=T0 + 10, deadline=T0 + 20)], asked=[1])
    assert (picture.counts["overdue"], picture.timing(1)) == (0, None)


def test_a_clock_that_is_set_back_is_followed() -> None:
    row = case_row(1, warn_at=T0 + 10, deadline=T0 + 20)
    picture = loaded(row)
    picture.advance(T0 + 100)
    assert picture.advance(T0) == (row,)
    assert picture.timing(1) is None
    assert picture.advance(T0 + 15) == (row,)
    assert picture.timing(1) == "near"


def test_unit_load_counts_what_a_unit_has_in_hand() -> None:
    running = {"state": "in_progress", "handler_id": 4}
    picture = loaded(
        case_row(1, **running), case_row(2, **running, warn_at=T0 - 9, deadline=T0 - 5),
        case_row(3, state="feedback", handler_id=4), case_row(4, state="suspended", handler_id=9),
    )  # fmt: skip
    assert {unit: (load.open, load.overdue) for unit, load in picture.unit_load().items()} == {4: (2, 1), 9: (1, 0)}
    picture.merge([], asked=[4])
    assert 9 not in picture.unit_load()


def test_queue_rows_are_those_that_the_count_counts() -> None:
    picture = loaded(case_row(1), case_row(2, state="reported"), case_row(3))
    assert [row.id for row in picture.queue_rows("filed")] == [1, 3]
    assert picture.in_queue(1, "filed")
    assert not picture.in_queue(2, "filed")


def test_a_merge_tells_what_was_held_before_it() -> None:
    held = case_row(1)
    picture = loaded(held, case_row(2))
    change = picture.merge([case_row(1, version=2, state="dispatched"), case_row(3)], asked=[1, 3])
    assert dict(change.before) == {1: held}


def test_the_parts_of_a_queue_follow_what_happens_between_them() -> None:
    picture = loaded(*(case_row(n) for n in range(1, 7)))
    parts = picture.queue_parts("filed", 2)
    assert [row.id for row in next(parts)] == [1, 2]
    newer = case_row(4, version=2)
    picture.merge([newer, case_row(5, version=2, state="dispatched"), case_row(7)], asked=[3, 4, 5, 7])
    assert [row for part in parts for row in part] == [newer, picture.rows[6]]
