"""An event loop for forms that ask injected coroutines."""

import asyncio
from collections.abc import Coroutine, Iterator
from typing import Any

import pytest


class Loop:
    """Runs a coroutine to its end; `turns` lets the tasks it started finish."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()

    def run(self, work: Coroutine[Any, Any, None]) -> None:
        """Until done."""
        self._loop.run_until_complete(work)

    async def turns(self) -> None:
        """Wait for every other task of the loop."""
        others = asyncio.all_tasks() - {asyncio.current_task()}
        await asyncio.gather(*others, return_exceptions=False)

    def close(self) -> None:
        """End the loop."""
        self._loop.close()


@pytest.fixture
def loop() -> Iterator[Loop]:
    made = Loop()
    yield made
    made.close()
