"""The schema on the layout of docs/scale.md: the functions work as they are and ask no district more than they must."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
from fasteners import InterProcessLock

from db.embedded import Server
from db.gateways.audit import faults
from db.upgrade import close_database
from tests.integration.whistle.lanes import Whistles
from tests.support.by_district import COPIED, ELSEWHERE, NEIGHBOUR, lay_by_district
from tests.support.hands import Hands
from tests.support.paths import Paths
from tests.support.servers import create_database, drop_database, run_home
from tests.support.town import TEMPLATE, Town

pytestmark = pytest.mark.database

NAME = "town_by_district"
STATES = ("closed", "self_handled", "force_closed", "merged", "returned", "suspended", "rejected", "verified")
# A case and a command are looked up by their own ids, which do not tell the district: these two ask every node.
BY_ID_ALONE = {"cases", "command_log"}
JOINT_BY_ID_ALONE = {"summons", "command_log"}


@pytest.fixture(scope="module")
def laid(town_template: Server) -> Iterator[Town]:
    """The town, cut by district."""
    with InterProcessLock(run_home() / "template.lock"):
        drop_database(town_template, NAME)
        made = Town(create_database(town_template, NAME, TEMPLATE), town_template)
        lay_by_district(made.owner)
    with made.owner.begin() as connection:
        close_database(connection)
    yield made
    made.stack.close()
    drop_database(town_template, NAME)


class Watching(Hands):
    """Notes whose leaves each call locked: a table that is not excluded when planning is asked on every node.

    What is more than read there is noted with a "!".
    """

    def __init__(self, town: Town) -> None:
        super().__init__(town)
        self.asked_elsewhere: defaultdict[str, set[str]] = defaultdict(set)
        self.sql("set plan_cache_mode = force_custom_plan")  # a general plan locks what it excludes when it runs

    def as_person(self, login: str, statement: str, *values: Any) -> Any:
        self.sql("begin")
        answer = super().as_person(login, statement, *values)
        call = statement.partition("cc.")[2].partition("(")[0]
        self.asked_elsewhere[f"act {values[3]}" if call == "act" else call] |= self._locked_elsewhere()
        self.sql("commit")
        return answer

    def _locked_elsewhere(self) -> set[str]:
        leaf = f"_(d{NEIGHBOUR}|{ELSEWHERE})$"
        return {row[0] for row in self.rows(
            "select distinct regexp_replace(c.relname, '(_[0-9]{6,8})?' || %s, '')"
            " || case when l.mode = 'AccessShareLock' then '' else '!' end from pg_locks l"
            " join pg_class c on c.oid = l.relation where l.pid = pg_backend_pid() and c.relkind = 'r'"
            " and c.relname ~ %s", leaf, leaf,
        )}  # fmt: skip


@pytest.fixture(scope="module")
def watching(laid: Town) -> Watching:
    """Cases in many states, each action watched."""
    hands = Watching(laid)
    for state in STATES:
        case = Paths(hands).to(state)
    reporter = hands.sql("select reporter_id from cc.case_reporter where case_id = %s", case)
    hands.as_person("supervisor", "select cc.ask_reveal(%s, %s, '回访核实情况')", case, reporter)
    return hands


def test_every_table_is_copied_or_cut_and_nothing_but_the_copied_lacks_the_district(laid: Town) -> None:
    hands = Hands(laid)
    cut = {row[0] for row in hands.rows(
        "select c.relname from pg_class c join pg_partitioned_table p on p.partrelid = c.oid"
        " where c.relnamespace = 'cc'::regnamespace and not c.relispartition"
    )}  # fmt: skip
    tables = {row[0] for row in hands.rows(
        "select relname from pg_class where relnamespace = 'cc'::regnamespace and relkind in ('r','p')"
        " and not relispartition"
    )}  # fmt: skip
    assert tables == cut | COPIED and not cut & COPIED
    keyless = {row[0] for row in hands.rows(
        "select distinct i.indrelid::regclass::text from pg_index i join pg_class c on c.oid = i.indrelid"
        " where c.relnamespace = 'cc'::regnamespace and i.indisunique and not c.relispartition"
        " and not exists (select from pg_attribute a where a.attrelid = i.indrelid and a.attnum = any(i.indkey)"
        " and a.attname = 'district_id')"
    )}  # fmt: skip
    assert {name.removeprefix("cc.") for name in keyless} <= COPIED
    # Between nodes they would hold nowhere, and between copied and cut tables in one direction only.
    foreign = "select count(*) from pg_constraint where contype = 'f' and connamespace = 'cc'::regnamespace"
    assert hands.sql(foreign) == 0


def test_every_action_works_there_and_the_seals_hold(laid: Town, watching: Watching) -> None:
    done = watching.sql("select cc.run_duty()")
    assert "failed" not in done and done["sealed"] > 0
    assert {row[0] for row in watching.rows("select log from cc.log_leaf")} == {"admin_log", "reveal_log"}
    assert faults(laid.owner) == []
    case = watching.sql("select min(id) from cc.cases where state = 'closed'")
    file = laid.session("supervisor").queries.case_file(case)
    assert file.row.state == "closed" and file.check.broken == 0
    assert laid.session("supervisor").queries.unit_figures() != []


def test_rows_lie_with_their_district(laid: Town, watching: Watching) -> None:
    here = watching.sql("select district_id from cc.district")
    leaves = watching.rows(
        "select oid::regclass::text from pg_class"
        " where relnamespace = 'cc'::regnamespace and relkind = 'r' and relispartition"
    )
    assert leaves
    filled = {leaf for (leaf,) in leaves if watching.sql(f"select exists (select from {leaf})")}
    assert {leaf.rpartition("_")[2] for leaf in filled} == {f"d{here}"}
    assert len(filled) > 15


def test_an_action_asks_other_districts_for_nothing_but_what_it_knows_by_id_alone(watching: Watching) -> None:
    asked = watching.asked_elsewhere
    actions = {call for call in asked if call.startswith("act ")}
    assert len(actions) > 12
    assert {call: asked[call] for call in (*actions, "attach", "report_case") if not asked[call] <= BY_ID_ALONE} == {}
    # And the watch sees what it should: a case is looked up by its id.
    assert all("cases" in asked[call] for call in actions)


class WatchingWhistles(Watching, Whistles):
    """The same for whistles and orders."""


@pytest.fixture(scope="module")
def watching_whistles(laid: Town) -> WatchingWhistles:
    """One of each, from the draft to the archive, every call watched."""
    hands = WatchingWhistles(laid)
    for kind in ("whistle", "order"):
        hands.to("archived", kind)
    return hands


def test_whistles_work_there_and_ask_other_districts_only_for_what_is_known_by_its_id_alone(
    laid: Town, watching_whistles: WatchingWhistles
) -> None:
    states = watching_whistles.rows("select kind, state from cc.summons order by kind")
    assert states == [("order", "archived"), ("whistle", "archived")]
    asked = watching_whistles.asked_elsewhere
    assert {"open_summons", "summons_act", "lane_act", "attach_joint"} <= set(asked)
    assert {call: tables - JOINT_BY_ID_ALONE for call, tables in asked.items()} == dict.fromkeys(asked, set())
    assert "summons" in asked["lane_act"]  # and the watch sees what it should


def test_neighbouring_cases_are_asked_of_their_own_district(watching: Watching) -> None:
    watching.as_person("supervisor", "select * from cc.near_cases(116.0025, 40.0025, null, '7 days')")
    assert watching.asked_elsewhere["near_cases"] == set()
