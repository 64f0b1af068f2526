"""Something that can be picked from suggestions."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Option:
    """A choice: `detail` says why or where; with `why_not` it is shown but cannot be taken; `sure` ones are highlighted
    before anything is typed."""

    key: Hashable
    title: str
    detail: str = ""
    why_not: str = ""
    sure: bool = True


Suggest = Callable[[str], Sequence[Option]]
