"""Login roles and their SCRAM verifiers; a password in clear never travels to the server."""

from __future__ import annotations

from collections.abc import Mapping

import psycopg2.extensions
from sqlalchemy import Connection

CONNECTIONS = 12  # the most one person's programs hold at once


def verifier(connection: Connection, login: str, password: str) -> str:
    """The SCRAM-SHA-256 verifier of a password, computed here by libpq."""
    found: str = psycopg2.extensions.encrypt_password(
        password, login, scope=connection.connection.driver_connection, algorithm="scram-sha-256"
    )
    return found


def make_logins(connection: Connection, passwords: Mapping[str, str]) -> None:
    """Give people login roles, or new passwords to those that exist; for the database's owner only.

    One round trip for all of them: several hundred people join a city at once.
    """
    known = set(connection.exec_driver_sql("select rolname from pg_roles").scalars())
    modern = int(str(connection.exec_driver_sql("show server_version_num").scalar())) >= 160000
    statements: list[str] = []
    for login, password in passwords.items():
        name = connection.dialect.identifier_preparer.quote(login)
        if login not in known:
            statements.append(f"create role {name} login connection limit {CONNECTIONS} in role cc_operator")
        statements.append(f"alter role {name} login password '{verifier(connection, login, password)}'")
        if modern:  # from PostgreSQL 16 on CREATEROLE reaches only roles held with the admin option
            statements.append(f"grant {name} to cc_people with admin true, inherit false, set false")
    connection.exec_driver_sql(";".join(statements))
