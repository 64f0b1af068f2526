"""What holds a case: from the issue of a whistle or an order until its work is over, and the queue 吹哨 with it."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from commandcenter.domain.joint import ORDER, WHISTLE, SummonsRow
from commandcenter.live.holds import Holds
from commandcenter.live.joint_due import UNDER_WAY
from commandcenter.live.picture import LivePicture
from commandcenter.live.queues import QUEUES
from tests.fakes.joint_rows import lane, summons
from tests.support.case_rows import T0, case_row


def whistle(number: int = 1, state: str = "issued", cases: tuple[int, ...] = (7, 8), kind: str = WHISTLE) -> SummonsRow:
    return summons(number, "地锁清理", "和平里", (lane(1, "区城管委"),), state=state, cases=cases, kind=kind)


def numbers(holds: Holds, case_id: int) -> list[int]:
    return [row.id for row in holds.of(case_id)]


def test_only_what_is_under_way_holds_its_cases() -> None:
    for state in ("draft", "issued", "responded", "acting", "rating", "verifying", "archived", "withdrawn"):
        holds = Holds()
        row = whistle(state=state)
        holds.take([row], [])
        assert holds.of(7) == ((row,) if state in ("issued", "responded", "acting") else ())


def test_each_step_tells_the_cases_whose_mark_differs() -> None:
    holds = Holds()
    assert holds.take([whistle(state="draft")], []) == frozenset()
    assert holds.take([whistle()], []) == {7, 8}
    assert holds.take([whistle(state="acting", cases=(8, 9))], []) == {7, 8, 9}
    assert (holds.of(7), numbers(holds, 9)) == ((), [whistle().id])
    assert holds.take([whistle(state="rating", cases=(8, 9))], []) == {8, 9}
    assert holds.take([], [whistle().id]) == frozenset()


def test_of_several_the_newest_stands_first_and_an_order_is_no_whistle() -> None:
    holds = Holds()
    order = whistle(5, cases=(8, 9), kind=ORDER)
    holds.take([whistle(1), whistle(3, cases=(8,)), order], [])
    assert numbers(holds, 8) == [order.id, whistle(3).id, whistle(1).id]
    assert holds.whistled() == {7, 8}
    holds.take([], [whistle(1).id, whistle(3).id])
    assert (holds.whistled(), holds.of(9)) == (frozenset(), (order,))


states = st.sampled_from(["draft", "issued", "responded", "acting", "rating", "withdrawn"])
steps = st.lists(st.tuples(st.integers(1, 4), states, st.frozensets(st.integers(1, 5)), st.booleans()), max_size=30)


@given(steps)
def test_after_any_story_it_says_what_a_recount_says(story: list) -> None:
    holds, present = Holds(), {}
    for number, state, cases, gone in story:
        row = whistle(number, state, tuple(cases))
        if gone:
            holds.take([], [row.id])
            present.pop(row.id, None)
        else:
            holds.take([row], [])
            present[row.id] = row
    for case_id in range(1, 6):
        wanted = {k for k, row in present.items() if row.state in UNDER_WAY and case_id in row.cases}
        assert set(numbers(holds, case_id)) == wanted


# ------------------------------------------------------------ the queue
def picture(*ids: int) -> LivePicture:
    made = LivePicture()
    made.resync([case_row(case_id, warn_at=T0 + 1, deadline=T0 + 2) for case_id in ids])
    return made


def test_the_queue_counts_open_cases_under_a_whistle_and_tells_no_other_rows() -> None:
    held = picture(7, 8, 9)
    change = held.whistle(frozenset({7, 9, 4711}))
    assert {row.id for row in change.upserted} == {7, 9}
    assert change.before == {7: held.rows[7], 9: held.rows[9]}
    assert (held.counts["whistled"], held.in_queue(8, "whistled")) == (2, False)
    assert {row.id for row in held.whistle(frozenset({9})).upserted} == {7}
    assert [row.id for row in held.queue_rows("whistled")] == [9]
    assert not held.whistle(frozenset({9, 12}))


def test_a_case_that_comes_later_or_changes_stays_in_the_queue_and_a_closed_one_leaves() -> None:
    held = picture(7)
    held.whistle(frozenset({7, 8}))
    held.merge([case_row(8)], [8])
    assert held.counts["whistled"] == 2
    newer = replace(case_row(8), version=2, state="returned")
    held.merge([newer], [8])
    assert held.in_queue(8, "whistled") and held.in_queue(8, "returned")
    held.merge([replace(newer, version=3, state="closed", open=False)], [8])
    assert held.counts["whistled"] == 1
    held.advance(T0 + 1e9)  # past its limit: recounted, still under its whistle
    assert held.in_queue(7, "whistled") and held.in_queue(7, "overdue")


def test_no_question_to_the_database_can_begin_this_queue() -> None:
    queue = QUEUES["whistled"]
    assert not queue.by_columns() and not queue.by_state_alone()
    assert queue.holds(case_row(7), T0, whistled=True) and not queue.holds(case_row(7), T0)
