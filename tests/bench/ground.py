"""A server of one's own, durable as in production, with the small town and as many cases as a measurement needs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from db import embedded
from tests.support.servers import create_database, open_run, remove_home
from tests.support.town import TEMPLATE, Town, build_template

PREFER_VARIABLE = "COMMANDCENTER_BENCH_SERVER"  # system or wheel; PostgreSQL 15 and 18 differ much (docs/benchmarks.md)
_TABLES = {"cases": "id", "case_detail": "case_id", "case_stage": "case_id", "case_event": "case_id"}
_COPY = """insert into cc.{table} select r.* from cc.{table} c cross join generate_series(1, {count}) g
  cross join lateral jsonb_populate_record(c, jsonb_build_object('{key}', c.{key} + g{more})) r
  where c.{key} = {case_id}"""
_NUMBER = ", 'no', split_part(c.no, '-', 1) || '-' || lpad(((c.id + g) % 1000000)::text, 6, '0')"


@contextmanager
def bench_town() -> Iterator[Town]:
    """The town on a server in a temporary home; both are gone afterwards, or swept by the next run after a kill."""
    home = open_run()
    try:
        server = embedded.start(home, prefer=os.environ.get(PREFER_VARIABLE), durable=True)
        build_template(server)
        town = Town(create_database(server, "bench", TEMPLATE), server)
        with town.stack:
            yield town
    finally:
        remove_home(home)


def filed_cases(town: Town, count: int) -> list[int]:
    """Ids of `count` cases that wait for dispatch: one filed by hand, the rest copied from it with all its rows."""
    first = town.filed()
    with town.owner.begin() as connection:
        run = connection.exec_driver_sql
        # The copies are the past: no feed, no wake-up for them.
        run("set local session_replication_role = replica")
        for table, key in _TABLES.items():
            more = _NUMBER if table == "cases" else ""
            run(_COPY.format(table=table, key=key, count=count, case_id=first, more=more).replace("%", "%%"))
        run(f"select setval('cc.case_number', {first % 10**9 + count})")
        run("analyze cc.cases")
        run("analyze cc.case_stage")
    return list(range(first + 1, first + count + 1))


def server_facts(town: Town) -> dict[str, str]:
    """Which PostgreSQL was measured, and whether it was durable."""
    return {
        "postgresql": ".".join(map(str, town.server.version)),
        "synchronous_commit": town.scalar("show synchronous_commit"),
    }
