"""Brings a database to this program's schema: roles, tables (Alembic), functions, policies and workflow data."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine

from commandcenter.domain.errors import SchemaMismatch
from commandcenter.domain.joint_workflow import Machine, load_machines
from commandcenter.domain.workflow import Action, Workflow, load_workflow
from db.gateways.work_calendar import extend_calendar
from db.revision import known_revisions, present_revision, wanted_revision
from db.schema_files import function_files, read_sql, schema_digest

MIGRATIONS = Path(__file__).parent / "migrations"
PEOPLE_FUNCTIONS = (
    "cc.create_operator(int, text, text, text, jsonb)",
    "cc.set_operator_active(text, boolean)",
    "cc.set_operator_password(text, text)",
)
TEMP_FILES_EACH = "2GB"  # of one session: a query must not fill the disk
UPGRADE_LOCK = 0x63635F7570  # "cc_up": two programs that upgrade at once take turns


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def upgrade(engine: Engine) -> str:
    """Upgrade in one transaction: all of it or nothing. Returns the revision reached.

    Needs a superuser's connection. Raises SchemaMismatch when the database is newer than this program, or of
    a version that it does not know.
    """
    with engine.begin() as connection:
        run = connection.exec_driver_sql
        run("set local statement_timeout = 0")
        run("set local lock_timeout = '10min'")
        run(f"select pg_advisory_xact_lock({UPGRADE_LOCK})")
        run(read_sql("roles.sql"))
        run("set local lock_timeout = '30s'")
        run("create schema if not exists cc authorization cc_owner")
        _refuse_unknown(connection)
        _take_back(connection)
        run("set local search_path = cc, pg_temp")
        run("set local role cc_owner")
        command.upgrade(_config(connection), "head")
        run(read_sql("clear.sql"))
        for name in function_files():
            run(read_sql(name))
        _store_rows(connection, _workflow_rows(load_workflow()))
        _store_rows(connection, _joint_rows(load_machines()))
        run("select cc.ensure_partitions(2)")
        run("select cc.rebuild_rollup() where not cc.rollup_sound()")
        run(read_sql("policies.sql"))
        run("reset role")
        _harden(connection)
        for district in run("select distinct shared_id from cc.district").scalars().all():
            extend_calendar(connection, district, date.today())
    return wanted_revision()


def _refuse_unknown(connection: Connection) -> None:
    present, wanted = present_revision(connection), wanted_revision()
    if present is None or present in known_revisions():
        return
    if present > wanted:
        raise SchemaMismatch(f"数据库版本 {present} 比本程序（{wanted}）新，请更新本程序")
    raise SchemaMismatch(f"本程序（{wanted}）不认识数据库版本 {present}，无法升级，请用备份恢复")


def _take_back(connection: Connection) -> None:
    """Let cc_owner drop the people functions; _harden gives the new ones away again."""
    for function in PEOPLE_FUNCTIONS:
        if connection.exec_driver_sql("select to_regprocedure(%s)", (function,)).scalar():
            connection.exec_driver_sql(f"alter function {function} owner to cc_owner")


def _harden(connection: Connection) -> None:
    """What only a superuser may say: who may connect, who owns the people functions, what no login may call."""
    run = connection.exec_driver_sql
    close_database(connection)
    run("revoke all on schema public from public")
    run("alter default privileges for role cc_owner revoke execute on functions from public")
    run("grant create on schema cc to cc_people")
    for function in PEOPLE_FUNCTIONS:
        run(f"alter function {function} owner to cc_people")
    run("revoke create on schema cc from cc_people")
    run("grant select on cc.alembic_version to cc_operator")
    run(read_sql("harden.sql"))


def close_database(connection: Connection) -> None:
    """Let only our people connect, and nobody make temporary objects or files without end.

    A copied database must be closed anew.
    """
    run = connection.exec_driver_sql
    database = str(run("select quote_ident(current_database())").scalar())
    run(f"revoke all on database {database} from public")
    run(f"grant connect on database {database} to cc_operator")
    run(f"alter database {database} set temp_file_limit = '{TEMP_FILES_EACH}'")


def _store_rows(connection: Connection, tables: dict[str, list[tuple[Any, ...]]]) -> None:
    """Replace what these tables hold by the rows of this program's files."""
    for table, rows in tables.items():
        connection.exec_driver_sql(f"delete from cc.{table}")
        if rows:  # in one statement: the server may be far away
            marks = ", ".join(f"({', '.join(['%s'] * len(row))})" for row in rows)
            values = tuple(value for row in rows for value in row)
            connection.exec_driver_sql(f"insert into cc.{table} values {marks}", values)


def _workflow_rows(w: Workflow) -> dict[str, list[tuple[Any, ...]]]:
    return {
        "wf_state": [(s.code, s.label, s.stage, s.open, i) for i, s in enumerate(w.states)],
        "wf_stage": [(s.code, s.label, s.minutes, s.clock, i, s.acts) for i, s in enumerate(w.stages)],
        "wf_reminder": [(r.kind, r.level, r.share, list(r.to)) for r in w.reminders],
        "wf_action": [_action_row(a) for a in w.actions],
        "wf_rule": [(a.code, *rule) for a in w.actions for rule in _rules(a)],
        "wf_choice": [(f.code, value) for f in w.fields for value in f.choices],
        "wf_setting": [(True, w.digest, w.near_share, w.rework_share, schema_digest(), w.acknowledge_minutes)],
    }


def _action_row(a: Action) -> tuple[Any, ...]:
    return a.code, a.label, a.to, list(a.required), list(a.optional), list(a.guards), a.keeps_version


def _rules(action: Action) -> list[tuple[str, str, str]]:
    """State, role and reach of everybody who may; the state "" begins the matter."""
    return [(state, rule.role, rule.reach) for state in (action.sources or ("",)) for rule in action.by]


def _joint_rows(machines: dict[str, Machine]) -> dict[str, list[tuple[Any, ...]]]:
    """The workflows of whistles, orders, lanes, meetings and tasks."""
    rows: dict[str, list[tuple[Any, ...]]] = {
        table: [] for table in ("jw_state", "jw_action", "jw_rule", "jw_choice", "jw_digest")
    }
    for name, m in machines.items():
        rows["jw_state"] += [(name, s.code, s.label, s.open, i) for i, s in enumerate(m.states)]
        rows["jw_action"] += [(name, *_action_row(a), list(a.head)) for a in m.actions]
        rows["jw_rule"] += [(name, a.code, *rule) for a in m.actions for rule in _rules(a)]
        rows["jw_choice"] += [(name, f.code, value) for f in m.fields for value in f.choices]
        rows["jw_digest"].append((name, m.digest))
    return rows
