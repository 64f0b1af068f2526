"""Connections to PostgreSQL: the pool for questions and commands, and the one that listens."""

from collections.abc import Callable
from typing import Any

import psycopg2
from psycopg2.extensions import ISOLATION_LEVEL_AUTOCOMMIT, connection
from sqlalchemy import URL, Engine, create_engine, make_url
from sqlalchemy.exc import ArgumentError

from db.answers import PatientConnection, PatientCursor
from db.idle import ask_before_use
from db.server_error import ServerError

STATEMENT_TIMEOUT_MS = 15_000
LOCK_TIMEOUT_MS = 5_000
POOL_WAIT_SECONDS = 10.0
ANSWER_WITHIN_S = 20.0  # of a person's statement: longer than the server's own limit, which tells more
FEED_ANSWER_WITHIN_S = 10.0
# A dead peer is noticed within 25 s when idle (10 + 3 × 5), within 10 s when data wait for its answer.
_KEEPALIVE = {
    "connect_timeout": 5,
    "keepalives": 1,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}


def normalised(url: str | URL) -> URL:
    """Turn any PostgreSQL address (`postgres://`, `postgresql://`, a SQLAlchemy URL) into one for psycopg2.

    The URL's own repr hides the password; `str(url)` does so too. Raises ServerError for anything else.
    """
    try:
        parsed = make_url(url.replace("postgres://", "postgresql://", 1) if isinstance(url, str) else url)
    except (ArgumentError, ValueError):
        # No cause is attached: its message repeats the address with its password.
        raise ServerError("数据库地址写法不对，应为 postgresql://用户@主机:端口/数据库。") from None
    if parsed.get_backend_name() != "postgresql":
        raise ServerError(f"不支持 {parsed.get_backend_name()}，数据库必须是 PostgreSQL。")
    return parsed.set(drivername="postgresql+psycopg2")


def with_login(url: str | URL, user: str, password: str) -> URL:
    """Give the same database's address for another person's login."""
    return normalised(url).set(username=user, password=password)


def dsn(url: str | URL) -> str:
    """Give the address as libpq takes it, password included: for psycopg2 and pg_dump, never for a log."""
    return normalised(url).set(drivername="postgresql").render_as_string(hide_password=False)


def make_engine(
    url: str | URL,
    *,
    application_name: str,
    pool_size: int = 3,
    statement_timeout_ms: int = STATEMENT_TIMEOUT_MS,
    lock_timeout_ms: int = LOCK_TIMEOUT_MS,
    autocommit: bool = False,
    answer_within_s: float | None = None,
) -> Engine:
    """Make a pool of at most `pool_size` connections that find our schema `cc` and give up in time.

    With `autocommit` each statement is its own transaction, in one round trip, unless a connection asks for another
    isolation level. A timeout of 0 waits for ever. Parameters never appear in errors or logs: they are people's data.
    `answer_within_s` cuts a connection whose server takes a statement and says nothing.
    """
    engine = create_engine(
        normalised(url),
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=POOL_WAIT_SECONDS,
        hide_parameters=True,
        isolation_level="AUTOCOMMIT" if autocommit else "READ COMMITTED",
        connect_args=_arguments(application_name, statement_timeout_ms, lock_timeout_ms, answer_within_s),
    )
    ask_before_use(engine)
    return engine


def listen_connection(url: str | URL, *, application_name: str = "commandcenter feed") -> connection:
    """Open the autocommit connection of the live feed; raises psycopg2.OperationalError."""
    arguments = _arguments(application_name, STATEMENT_TIMEOUT_MS, LOCK_TIMEOUT_MS, FEED_ANSWER_WITHIN_S)
    opened: connection = psycopg2.connect(dsn(url), **arguments)
    opened.set_isolation_level(ISOLATION_LEVEL_AUTOCOMMIT)
    return opened


def _arguments(
    application_name: str, statement_timeout_ms: int, lock_timeout_ms: int, answer_within_s: float | None
) -> dict[str, Any]:
    timeouts = f"-c statement_timeout={statement_timeout_ms} -c lock_timeout={lock_timeout_ms}"
    options = f"-c search_path=cc {timeouts}"
    return {
        **_KEEPALIVE,
        "application_name": application_name,
        "options": options,
        "connection_factory": _patient(answer_within_s),
        "cursor_factory": PatientCursor,
    }


def _patient(answer_within_s: float | None) -> Callable[..., PatientConnection]:
    def connect(*given: Any, **named: Any) -> PatientConnection:
        opened = PatientConnection(*given, **named)
        opened.answer_within_s = answer_within_s
        return opened

    return connect
