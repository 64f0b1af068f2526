"""A database laid as a distributed PostgreSQL would lay it: what cities work on is cut by district, below the month.

Citus keeps a table's own partitioning and cuts every partition by the distribution column. Here each month's partition,
and each table that has none, is partitioned by LIST (district_id): the nearest that PostgreSQL alone can do.
"""

from __future__ import annotations

from sqlalchemy import Connection, Engine

from db.schema_files import read_sql
from db.upgrade import upgrade

# The same on every node: small, read by every statement, written seldom or by one round of the duty.
COPIED = frozenset({
    "alembic_version", "district", "org", "org_closure", "grid", "channel", "catalogue_version", "catalogue_item",
    "catalogue_limit", "whistle_scenario", "operator", "duty", "office_window", "calendar_day", "clock", "feed_epoch",
    "duty_lease", "duty_fault", "rollup_state", "wf_state", "wf_stage", "wf_action", "wf_rule", "wf_choice",
    "wf_setting", "wf_reminder", "jw_state", "jw_action", "jw_rule", "jw_choice", "jw_digest",
    "whistle_level", "whistle_caller", "whistle_rule", "team", "team_line", "grid_team", "compound",
    "camera", "camera_category", "camera_secret", "camera_envelope", "camera_group", "camera_group_member", "wall_plan",
})  # fmt: skip
# Leaves of the districts that there are, of one that has nothing yet, and of all others.
NEIGHBOUR, ELSEWHERE = 900, "elsewhere"
_TABLES = """select c.relname, c.relkind::text, c.relpersistence::text,
  coalesce(pg_get_expr(c.relpartbound, c.oid), ''), coalesce(i.inhparent::regclass::text, '')
  from pg_class c left join pg_inherits i on i.inhrelid = c.oid
  where c.relnamespace = 'cc'::regnamespace and c.relkind in ('r', 'p') order by 1"""
_IS_LAID = f"select count(*) from pg_class where relname ~ '_{ELSEWHERE}$' and relnamespace = 'cc'::regnamespace"


def lay_by_district(engine: Engine) -> None:
    """Cut every table that is not copied, rows included; functions, policies and triggers are made anew after it."""
    with engine.begin() as connection:
        districts = connection.exec_driver_sql("select district_id from cc.district").scalars().all()
        cuts = {f"d{number}": f"for values in ({number})" for number in (*districts, NEIGHBOUR)}
        cuts[ELSEWHERE] = "default"
        if connection.exec_driver_sql(_IS_LAID).scalar():
            return
        connection.exec_driver_sql("set local search_path = cc, pg_temp")
        connection.exec_driver_sql(read_sql("clear.sql"))
        connection.exec_driver_sql("set local role cc_owner")
        for name, kind, persistence, bound, parent in connection.exec_driver_sql(_TABLES).all():
            if kind == "r" and name not in COPIED:
                _cut(connection, name, "unlogged" if persistence == "u" else "", cuts, bound, parent)
    upgrade(engine)


def _cut(connection: Connection, name: str, persistence: str, cuts: dict[str, str], bound: str, parent: str) -> None:
    run = connection.exec_driver_sql
    if parent:
        run(f"alter table {parent} detach partition cc.{name}")
    run(f"alter table cc.{name} rename to whole")
    run(f"create table cc.{name} (like cc.whole including all) partition by list (district_id)")
    for suffix, values in cuts.items():
        run(f"create {persistence} table cc.{name}_{suffix} partition of cc.{name} {values}")
    run(f"insert into cc.{name} overriding system value select * from cc.whole")
    numbered = "select attname from pg_attribute where attrelid = 'cc.whole'::regclass and attidentity <> ''"
    for column in run(numbered).scalars().all():
        sequence = f"pg_get_serial_sequence('cc.{name}', '{column}')"
        run(f"select setval({sequence}, (select coalesce(max({column}), 0) + 1 from cc.whole), false)")
    run("drop table cc.whole")
    if parent:
        run(f"alter table {parent} attach partition cc.{name} {bound}")
