"""How wide the columns are: their own width, what the user dragged, and shares of the rest."""

from collections.abc import Sequence

from widgets.live_table.columns import Column


def column_widths(
    columns: Sequence[Column], room: int, scale: float, margin: int, dragged: dict[int, int]
) -> list[int]:
    """Widths in px that fill ``room`` if it suffices; ``margin`` is added to the first column, ``dragged`` ones stay."""
    widths = [round(column.width * scale) for column in columns]
    widths[0] += margin
    for number, width in dragged.items():
        widths[number] = width
    shares = {
        number: column.stretch
        for number, column in enumerate(columns)
        if column.stretch > 0 and number not in dragged
    }
    spare, total = room - sum(widths), sum(shares.values())
    if spare <= 0:
        return widths
    if not total:
        widths[-1] += spare
        return widths
    for number, share in shares.items():
        given = spare * share // total
        widths[number] += given
        spare, total = spare - given, total - share
    return widths
