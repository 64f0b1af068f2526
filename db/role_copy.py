"""Taking the logins of our people and the group roles from one PostgreSQL server to another."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from psycopg2 import sql
from psycopg2.extensions import connection
from psycopg2.extras import RealDictCursor

GRANT_OPTIONS_SINCE = 160_000

# Superusers are the machine's, not ours: a backup neither carries nor makes one.
_ROLES = """
with recursive ours(oid) as (
  select oid from pg_roles where starts_with(rolname, 'cc_') and not rolsuper
  union
  select m.member from pg_auth_members m join ours on m.roleid = ours.oid
)
select a.rolname as name, a.rolcanlogin as login, a.rolinherit as inherit, a.rolcreaterole as createrole,
       a.rolcreatedb as createdb, a.rolbypassrls as bypassrls, a.rolconnlimit as connection_limit,
       a.rolvaliduntil::text as valid_until, a.rolpassword as verifier
from pg_authid a join ours using (oid) where not a.rolsuper order by a.rolcanlogin, a.rolname
"""
_MEMBERSHIPS = """
select g.rolname as role, u.rolname as member, b.rolname as grantor, m.admin_option as admin{extra}
from pg_auth_members m
join pg_roles g on g.oid = m.roleid join pg_roles u on u.oid = m.member
left join pg_roles b on b.oid = m.grantor
where g.rolname = any(%(names)s) and u.rolname = any(%(names)s) order by m.admin_option desc, 1, 2
"""
_PRIVILEGES = """
select g.rolname as grantee, x.privilege_type as privilege
from pg_database d
cross join aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) x
left join pg_roles g on g.oid = x.grantee
where d.datname = current_database() and (x.grantee = 0 or g.rolname = any(%(names)s)) order by 1, 2
"""
_SETTINGS = """
select r.rolname as role, split_part(c, '=', 1) as name, substr(c, strpos(c, '=') + 1) as value
from pg_db_role_setting s join pg_roles r on r.oid = s.setrole cross join unnest(s.setconfig) c
where s.setdatabase = 0 and r.rolname = any(%(names)s) order by 1, 2
"""


@dataclass(frozen=True)
class RolesRestored:
    """Which roles were made, and which were there before and keep their password."""

    created: tuple[str, ...]
    kept: tuple[str, ...]


def collect_roles(source: connection) -> dict[str, list[dict[str, Any]]]:
    """Read our roles with their SCRAM verifiers, memberships and settings, and who may use this database.

    Plain lists of objects for JSON. Needs a superuser.
    """
    roles = _rows(source, _ROLES, {})
    names = {"names": [role["name"] for role in roles]}
    options = ", m.inherit_option as inherit, m.set_option as set"
    extra = options if source.server_version >= GRANT_OPTIONS_SINCE else ""
    return {
        "roles": roles,
        "memberships": _rows(source, _MEMBERSHIPS.format(extra=extra), names),
        "privileges": _rows(source, _PRIVILEGES, names),
        "settings": _rows(source, _SETTINGS, names),
    }


def _rows(source: connection, query: str, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    with source.cursor(cursor_factory=RealDictCursor) as cursor:
        cursor.execute(query, values)
        return [dict(row) for row in cursor.fetchall()]


def restore_roles(target: connection, saved: Mapping[str, list[dict[str, Any]]]) -> RolesRestored:
    """Make the roles that are missing on the target server; those it has keep their password and rights."""
    present = {row["rolname"] for row in _rows(target, "select rolname from pg_roles", {})}
    missing = [role for role in saved["roles"] if role["name"] not in present]
    created = {role["name"] for role in missing}
    _run(target, (_create(role) for role in missing))
    _run(target, (_set(setting) for setting in saved["settings"] if setting["role"] in created))
    names = {role["name"] for role in saved["roles"]}
    _run(target, (_grant(one, names, target.server_version) for one in saved["memberships"]))
    if target.server_version >= GRANT_OPTIONS_SINCE:
        _run(target, _administered(missing, saved))
    return RolesRestored(tuple(sorted(created)), tuple(sorted(names - created)))


def restore_privileges(target: connection, saved: Mapping[str, list[dict[str, Any]]]) -> None:
    """Give the target database the access rights that the saved one had: nobody else may connect."""
    database = sql.Identifier(target.info.dbname)
    _run(target, [sql.SQL("revoke all on database {} from public").format(database)])
    _run(target, (_privilege(one, database) for one in saved["privileges"]))


def drop_roles(target: connection, names: Iterable[str]) -> None:
    """Take back roles that a failed restore made."""
    _run(target, (sql.SQL("drop role if exists {}").format(sql.Identifier(name)) for name in names))


def _run(target: connection, statements: Iterable[sql.Composable]) -> None:
    with target.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _create(role: Mapping[str, Any]) -> sql.Composable:
    flags = ("login", "inherit", "createrole", "createdb", "bypassrls")
    words = [flag if role[flag] else f"no{flag}" for flag in flags]
    parts = [
        sql.SQL("create role {} nosuperuser").format(sql.Identifier(role["name"])),
        sql.SQL(" ".join(words)),
        sql.SQL("connection limit {}").format(sql.Literal(role["connection_limit"])),
    ]
    if role["valid_until"] is not None:
        parts.append(sql.SQL("valid until {}").format(sql.Literal(role["valid_until"])))
    if role["verifier"] is not None:
        # PostgreSQL takes a SCRAM verifier as it is: nobody's password is ever known here.
        parts.append(sql.SQL("password {}").format(sql.Literal(role["verifier"])))
    return sql.SQL(" ").join(parts)


def _set(setting: Mapping[str, Any]) -> sql.Composable:
    return sql.SQL("alter role {} set {} = {}").format(
        sql.Identifier(setting["role"]), sql.Identifier(setting["name"]), sql.Literal(setting["value"])
    )


def _grant(one: Mapping[str, Any], ours: set[str], server_version: int) -> sql.Composable:
    statement = sql.SQL("grant {} to {}").format(sql.Identifier(one["role"]), sql.Identifier(one["member"]))
    if server_version >= GRANT_OPTIONS_SINCE and "inherit" in one:
        options = ("admin", "inherit", "set")
        flags = [sql.SQL(f"{name} {'true' if one[name] else 'false'}") for name in options]
        statement += sql.SQL(" with ") + sql.SQL(", ").join(flags)
    elif one["admin"]:
        statement += sql.SQL(" with admin option")
    if one["grantor"] in ours:
        statement += sql.SQL(" granted by {}").format(sql.Identifier(one["grantor"]))
    return statement


def _administered(
    made: Iterable[Mapping[str, Any]], saved: Mapping[str, list[dict[str, Any]]]
) -> Iterable[sql.Composable]:
    """From 16 on CREATEROLE rules only over roles it made; a backup of 15 does not tell which these are."""
    if any("inherit" in one for one in saved["memberships"]):
        return
    makers = [role["name"] for role in saved["roles"] if role["createrole"]]
    for role in made:
        for maker in makers:
            if role["login"]:
                yield sql.SQL("grant {} to {} with admin true, inherit false, set false").format(
                    sql.Identifier(role["name"]), sql.Identifier(maker)
                )


def _privilege(one: Mapping[str, Any], database: sql.Identifier) -> sql.Composable:
    whom = sql.SQL("public") if one["grantee"] is None else sql.Identifier(one["grantee"])
    return sql.SQL("grant {} on database {} to {}").format(sql.SQL(one["privilege"]), database, whom)
