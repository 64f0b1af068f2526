"""Processes that wait for orders on a pipe and answer each; a text for an answer is what was raised there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from multiprocessing import get_context
from typing import Any, Self

PATIENCE_S = 20.0


class Processes:
    """One process for each of `arguments`, running `serve(pipe, *arguments)`: it answers once when it is ready, then
    each order, and ends at None. Use as a context manager; raises RuntimeError with what was raised there."""

    def __init__(self, serve: Callable[..., None], arguments: Sequence[tuple[Any, ...]]) -> None:
        context = get_context("spawn")
        pairs = [context.Pipe() for _ in arguments]
        self._pipes = [ours for ours, _ in pairs]
        self._processes = [
            context.Process(target=serve, args=(theirs, *each), daemon=True)
            for (_, theirs), each in zip(pairs, arguments, strict=True)
        ]

    def __enter__(self) -> Self:
        for process in self._processes:
            process.start()
        self._answers()
        return self

    def __exit__(self, *_: object) -> None:
        for pipe, process in zip(self._pipes, self._processes, strict=True):
            if process.is_alive():
                pipe.send(None)
        for process in self._processes:
            process.join(timeout=PATIENCE_S)

    @property
    def pids(self) -> list[int]:
        """The operating system's numbers of the processes."""
        return [process.pid for process in self._processes if process.pid is not None]

    def order(self, what: object) -> list[Any]:
        """Everybody's answer to the same order."""
        for pipe in self._pipes:
            pipe.send(what)
        return self._answers()

    def _answers(self) -> list[Any]:
        answers = [pipe.recv() for pipe in self._pipes]
        for answer in answers:
            if isinstance(answer, str):
                raise RuntimeError(answer)
        return answers
