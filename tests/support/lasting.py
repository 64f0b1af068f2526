"""What one test leaves to the next of its module because it is slow to make, unless the test failed."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from contextlib import AbstractContextManager, ExitStack
from typing import Any, TypeVar

import pytest

T = TypeVar("T")

FAILED = pytest.StashKey[bool]()


class Lasting:
    """Made at the first call, handed out again until `end`; a failed test's second try begins with new ones."""

    def __init__(self) -> None:
        self._stack, self._made = ExitStack(), dict[Hashable, Any]()

    def get(self, key: Hashable, make: Callable[[], AbstractContextManager[T]]) -> T:
        """What was made for this key."""
        if key not in self._made:
            self._made[key] = self._stack.enter_context(make())
        found: T = self._made[key]
        return found

    def end(self) -> None:
        """Close all."""
        self._made.clear()
        self._stack.close()
