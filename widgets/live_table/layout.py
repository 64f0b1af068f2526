"""How wide the columns are: their own width, what the user dragged, shares of the rest, and what gives way."""

from collections.abc import Mapping, Sequence

from widgets.live_table.columns import CellKind, Column

_LEAST_SHARE = 0.6  # of its own width, below which a column is no longer worth its room


def column_widths(
    columns: Sequence[Column], room: int, unit: float, margin: int, dragged: Mapping[int, int]
) -> list[int]:
    """Widths in px, 0 for a hidden column, that fill ``room`` as far as that goes.

    ``unit`` multiplies the columns' own widths, ``margin`` is added to the first, ``dragged`` widths are kept. Too
    little room first hides columns by ``hide_order``, then narrows those that are neither live, firm nor dragged.
    """
    own = {number: round(column.width * unit) for number, column in enumerate(columns)} | dict(dragged)
    own[0] += 0 if 0 in dragged else margin
    for number in _hidden_first(columns):
        if sum(own.values()) <= room:
            break
        if number not in dragged:
            del own[number]
    spare = room - sum(own.values())
    if spare < 0:
        _narrow(own, columns, -spare, dragged)
    else:
        _widen(own, columns, spare, dragged)
    return [own.get(number, 0) for number in range(len(columns))]


def _hidden_first(columns: Sequence[Column]) -> list[int]:
    numbers = [number for number, column in enumerate(columns) if column.hide_order > 0 and number > 0]
    return sorted(numbers, key=lambda number: -columns[number].hide_order)


def _narrow(own: dict[int, int], columns: Sequence[Column], missing: int, dragged: Mapping[int, int]) -> None:
    giving = [n for n in own if columns[n].kind is not CellKind.COUNTDOWN and not columns[n].firm and n not in dragged]
    for place, number in enumerate(giving):
        total = sum(own[n] for n in giving[place:])
        given = min(-(-missing * own[number] // total), round(own[number] * (1 - _LEAST_SHARE)))
        own[number] -= given
        missing -= given


def _widen(own: dict[int, int], columns: Sequence[Column], spare: int, dragged: Mapping[int, int]) -> None:
    shares = {n: columns[n].stretch for n in own if columns[n].stretch > 0 and n not in dragged}
    total = sum(shares.values())
    if not total:
        own[max(own)] += spare
    for number, share in shares.items():
        given = spare * share // total
        own[number] += given
        spare, total = spare - given, total - share
