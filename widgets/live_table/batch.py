"""What one change of the table consists of, before it is carried out and as it is told afterwards."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any

from widgets.live_table.order import RowOrder
from widgets.live_table.store import RowStore


@dataclass(frozen=True)
class Changes:
    """Keys a call of ``apply`` inserted, updated and removed (shown or filtered out)."""

    inserted: tuple[Hashable, ...] = ()
    updated: tuple[Hashable, ...] = ()
    removed: tuple[Hashable, ...] = ()


@dataclass
class Batch:
    """What one ``apply`` does, by stored position, before anything is changed."""

    new_rows: list[Any] = field(default_factory=list)
    removed: list[int] = field(default_factory=list)
    leaving: list[int] = field(default_factory=list)  # shown before, not afterwards
    entering: list[int] = field(default_factory=list)  # known, not shown before, shown afterwards
    replaced: dict[int, Any] = field(default_factory=dict)
    moving: dict[int, Any] = field(default_factory=dict)  # shown before and afterwards, new sort value


@dataclass(frozen=True)
class Prepared:
    """Rows stored, filtered and sorted, ready to be adopted by the model that prepared them."""

    store: RowStore
    order: RowOrder
    sorted_by: tuple[str | None, bool]
    predicate: Callable[[Any], bool] | None
