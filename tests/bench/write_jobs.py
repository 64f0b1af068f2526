"""Durable state changes as jobs of a queue: put, taken, finished, three commits a job, by the public interfaces."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta
from importlib.util import find_spec
from typing import Any
from uuid import uuid4

from sqlalchemy import make_url

MISSING = "没有安装 procrastinate 和 pgqueuer：请用 make bench，或 .venv/bin/pip install -r requirements-bench.lock"
COMMITS = 3  # of a job, which stands for one change of a case


def installed() -> bool:
    """Whether the rivals are here (dependency group `bench`)."""
    return all(find_spec(name) for name in ("procrastinate", "pgqueuer", "asyncpg", "psycopg"))


def install(url: str) -> None:
    """Make the tables of both in an empty database."""
    asyncio.run(_install(_dsn(url)))


async def _install(dsn: str) -> None:
    import asyncpg
    from pgqueuer.queries import Queries
    from procrastinate import App, PsycopgConnector

    async with App(connector=PsycopgConnector(conninfo=dsn, min_size=1, max_size=1)).open_async() as app:
        await app.schema_manager.apply_schema_async()
    connection = await asyncpg.connect(dsn)
    await Queries.from_asyncpg_connection(connection).install()
    await connection.close()


def _dsn(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


class _Jobs:
    """A session on a loop of its own; each has its own queue, so that nobody competes for a job."""

    def __init__(self, url: str, number: int) -> None:
        self._loop = asyncio.new_event_loop()
        self._number = number
        self.wait(self._open(_dsn(url)))

    async def _open(self, dsn: str) -> None:
        raise NotImplementedError

    async def _job(self) -> None:
        raise NotImplementedError

    async def _close(self) -> None:
        raise NotImplementedError

    def wait(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Run to the end."""
        return self._loop.run_until_complete(work)

    def step(self) -> None:
        """One job."""
        self.wait(self._job())

    def close(self) -> None:
        """End the connection."""
        self.wait(self._close())
        self._loop.close()


class ProcrastinateSide(_Jobs):
    """procrastinate over psycopg 3."""

    async def _open(self, dsn: str) -> None:
        from procrastinate import App, PsycopgConnector
        from procrastinate.jobs import Status

        self._app = App(connector=PsycopgConnector(conninfo=dsn, min_size=1, max_size=1))
        await self._app.open_async()
        self._put = self._app.configure_task("bench", queue=f"bench-{self._number}", allow_unknown=True)
        self._worker = await self._app.job_manager.register_worker()
        self._done = Status.SUCCEEDED

    async def _job(self) -> None:
        await self._put.defer_async(unit_id=8)
        job = await self._app.job_manager.fetch_job([f"bench-{self._number}"], self._worker)
        if job is None:
            raise RuntimeError("the job is gone")
        await self._app.job_manager.finish_job(job, self._done, delete_job=False)

    async def _close(self) -> None:
        await self._app.close_async()


class PgQueuerSide(_Jobs):
    """pgqueuer over asyncpg."""

    async def _open(self, dsn: str) -> None:
        import asyncpg
        from pgqueuer.queries import EntrypointExecutionParameter, Queries

        self._connection = await asyncpg.connect(dsn)
        self._queries = Queries.from_asyncpg_connection(self._connection)
        self._name, self._manager = f"bench-{self._number}", uuid4()
        self._entry = {self._name: EntrypointExecutionParameter(0)}

    async def _job(self) -> None:
        await self._queries.enqueue(self._name, b'{"unit_id": 8}')
        taken = await self._queries.dequeue(1, self._entry, self._manager, None, timedelta(minutes=1))
        if len(taken) != 1:
            raise RuntimeError("the job is gone")
        await self._queries.log_jobs([(taken[0], "successful", None)])

    async def _close(self) -> None:
        await self._connection.close()


SIDES: dict[str, Callable[[str, int], _Jobs]] = {"procrastinate": ProcrastinateSide, "pgqueuer": PgQueuerSide}
