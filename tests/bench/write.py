"""Dispatch and undo through the service layer, beside the bare call, bare SQL by pgbench, and jobs of two queues."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any

from commandcenter.domain.model import CaseRow
from tests.bench.crew import Crew
from tests.bench.feed_crowd import Crowd, lift_login_limit
from tests.bench.ground import bench_town, filed_cases, server_facts
from tests.bench.measure import compared, machine, ratio
from tests.bench.processor import ProcessorWatch
from tests.bench.write_jobs import COMMITS, MISSING, install, installed
from tests.bench.write_jobs import SIDES as JOBS
from tests.bench.write_pgbench import WAYS, PlainRuns
from tests.bench.write_sides import LOGINS, CallSide, ServiceSide, shares
from tests.support.servers import create_database
from tests.support.town import Town

SESSIONS = (1, 8, 32)
BLOCKS, BLOCK_S = 2, 2
CASES_EACH = 40  # a session goes round them, so that no case gets the history of a thousand
WARM_STEPS = 6  # plans are made for the first five executions of a statement, then kept
LISTENERS, FEED_BLOCKS = 50, 3
_SILENT = "alter table cc.cases {} trigger feed_case"

Taken = dict[str, list[tuple[list[float], float]]]
"""Per side and block: ms per step, seconds."""


def measured() -> dict[str, Any]:
    """All figures of writing; about two and a half minutes."""
    with bench_town() as town:
        figures: dict[str, Any] = {**server_facts(town), **machine()}
        figures |= {} if installed() else {"jobs": MISSING}
        return figures | _Write(town).figures()


class WriteWorker:
    """One process: a session of the service layer, one of the bare call, and one of each job queue."""

    def __init__(self, url: str, jobs_url: str, number: int, cases: list[list[CaseRow]], unit: int) -> None:
        service, call = ServiceSide(url, number, cases[0], unit), CallSide(url, number, cases[1], unit)
        jobs = {name: side(jobs_url, number) for name, side in JOBS.items()} if jobs_url else {}
        self._steps = {"ours": service.pair, "call": call.pair, **{name: side.step for name, side in jobs.items()}}
        self._open = [service, call, *jobs.values()]

    def step(self, side: str) -> None:
        """A dispatch and its undo, or one job."""
        self._steps[side]()

    def close(self) -> None:
        """End the connections."""
        for side in self._open:
            side.close()


class _Write:
    """The sides in turn, block by block; sessions of the others stay open and idle, as colleagues' are."""

    def __init__(self, town: Town) -> None:
        self._town, self._unit = town, town.org("D-CG")
        lift_login_limit(town, LOGINS)
        self._jobs_url = create_database(town.server, "jobs") if installed() else ""
        if self._jobs_url:
            install(self._jobs_url)
        ids = filed_cases(town, CASES_EACH * (2 * sum(SESSIONS) + sum(SESSIONS)))
        self._plain = iter(ids[: CASES_EACH * sum(SESSIONS)])
        self._shares = shares(town.session("supervisor").queries.cases(ids[CASES_EACH * sum(SESSIONS) :]), CASES_EACH)

    def figures(self) -> dict[str, Any]:
        """Figures of every number of sessions; of the largest also what the feed costs."""
        figures: dict[str, Any] = {}
        for count in SESSIONS:
            with Crew(WriteWorker, list(self._workers(count))) as crew:
                figures |= _figures(count, self._taken(crew, count))
                if count == max(SESSIONS):
                    figures |= self._feed_cost(crew, count)
        return figures

    def _workers(self, count: int) -> Iterator[tuple[Any, ...]]:
        for number in range(count):
            yield self._town.url, self._jobs_url, number, [next(self._shares), next(self._shares)], self._unit

    def _taken(self, crew: Crew, count: int) -> Taken:
        district = self._town.session("supervisor").person.district_id
        own = [next(self._plain) for _ in range(count * CASES_EACH)]
        plain = PlainRuns(self._town.url, district, self._unit, own[0], CASES_EACH)
        ours = ["ours", "call", *(JOBS if self._jobs_url else ())]
        taken: Taken = {name: [] for name in (*ours, *WAYS)}
        for name in ours:
            crew.warm(name, WARM_STEPS)
        for block in range(BLOCKS):
            for name in list(taken) if block % 2 == 0 else reversed(taken):
                way = WAYS.get(name)
                taken[name].append(plain.block(way, count, BLOCK_S) if way else crew.block(name, BLOCK_S))
        return taken

    def _feed_cost(self, crew: Crew, count: int) -> dict[str, Any]:
        """Pairs a second while nobody is told anything, and with so many listeners that fetch what they are told; and
        whose work fills the machine while they are told."""
        taken: Taken = {"silent": [], "feed": []}
        others = self._backends()
        with Crowd(self._town, LISTENERS, reread=False) as crowd:
            told = {"server": self._backends() - others, "client": crowd.pids}
            watch = ProcessorWatch({**told, "writing_server": others, "writing_client": crew.pids})
            for block in range(2 * FEED_BLOCKS):
                name = ("silent", "feed", "feed", "silent")[block % 4]
                self._tell("disable" if name == "silent" else "enable")
                with watch if name == "feed" else nullcontext():
                    taken[name].append(crew.block("ours", BLOCK_S))
            self._tell("enable")
            heard = sum(len(one.heard) for one in crowd.harvest())
        rates = {name: _rate(blocks) for name, blocks in taken.items()}
        return {
            **{f"feed_{name}_cpu_share": round(share, 3) for name, share in watch.shares().items()},
            f"pairs_{count}_silent_per_s": round(rates["silent"], 1),
            f"pairs_{count}_with_{LISTENERS}_listeners_per_s": round(rates["feed"], 1),
            "feed_cost_share": round(1 - rates["feed"] / rates["silent"], 3),
            "feed_told": heard,
        }

    def _backends(self) -> set[int]:
        """The server's processes that serve somebody now."""
        return set(self._town.scalar("select array_agg(pid) from pg_stat_activity where client_port is not null"))

    def _tell(self, how: str) -> None:
        with self._town.owner.begin() as connection:
            connection.exec_driver_sql(_SILENT.format(how))


def _rate(blocks: list[tuple[list[float], float]]) -> float:
    return sum(len(times) for times, _ in blocks) / sum(seconds for _, seconds in blocks)


def _figures(count: int, taken: Taken) -> dict[str, Any]:
    """The faster way of pgbench is the rival `sql`. Dispatch and undo are two changes of a case, a job is one."""
    rates = {name: _rate(blocks) for name, blocks in taken.items()}
    rates["sql"] = max(rates[name] for name in WAYS)
    times = {name: [one for part, _ in blocks for one in part] for name, blocks in taken.items()}
    times["sql"] = times[max(WAYS, key=lambda name: rates[name])]
    figures: dict[str, Any] = compared(f"pair_{count}", times["ours"], {name: times[name] for name in ("call", "sql")})
    for name in ("ours", "call", *WAYS):
        figures[f"pairs_{count}_{name}_per_s"] = round(rates[name], 1)
    for name in ("call", "sql"):
        figures[f"throughput_cost_{count}_over_{name}_ratio"] = ratio(rates[name], rates["ours"])
    figures[f"changes_{count}_ours_per_s"] = round(2 * rates["ours"], 1)
    for name in (name for name in JOBS if name in rates):
        figures[f"changes_{count}_{name}_per_s"] = round(rates[name], 1)
        figures[f"commits_{count}_{name}_per_s"] = round(COMMITS * rates[name], 1)
        figures[f"change_cost_{count}_over_{name}_ratio"] = ratio(rates[name], 2 * rates["ours"])
    return figures
