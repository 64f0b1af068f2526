"""The sorted list of shown positions."""

from widgets.live_table.order import RowOrder, merged


def test_merged_joins_neighbours_and_keeps_gaps():
    assert merged([3, 1, 2, 7]) == [(1, 3), (7, 7)]
    assert merged([]) == []


def test_newest_position_is_on_top_without_values():
    order = RowOrder()
    order.fill(range(4))
    assert list(order.rows()) == [3, 2, 1, 0]
    assert [order.row_of(position) for position in range(4)] == [3, 2, 1, 0]


def test_equal_values_show_the_newest_first_in_both_directions():
    for descending in (False, True):
        order = RowOrder([5, 5, 5], descending)
        order.fill(range(3))
        assert list(order.rows()) == [2, 1, 0]


def test_position_that_is_not_shown_has_no_row():
    order = RowOrder([3, 1, 2], descending=False)
    order.fill([0, 2])
    assert order.row_of(1) is None


def test_insertions_at_the_same_place_come_as_one_group():
    order = RowOrder([10, 40, 20, 30], descending=False)
    order.fill([0, 1])
    assert order.insertions([2, 3]) == [(1, [2, 3])]


def test_destination_counts_the_row_as_taken_out():
    order = RowOrder([1, 2, 3], descending=False)
    order.fill(range(3))
    assert order.destination(0, 9) == (0, 2)
    assert order.destination(1, 2.5) == (1, 1)
