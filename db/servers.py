"""Which server the program works with: the address given, else its own embedded one."""

import os
from pathlib import Path

import psycopg2

from db import embedded
from db.binaries import OLDEST_MAJOR, security_warnings
from db.embedded import Server
from db.engine import dsn, normalised
from db.server_error import ServerError

URL_VARIABLE = "COMMANDCENTER_DATABASE_URL"
_CONNECT_SECONDS = 5


def obtain(database: str | None = None, *, home: Path | None = None, prefer: str | None = None) -> Server:
    """Give a server that answers: `database`, else COMMANDCENTER_DATABASE_URL, else the embedded one started.

    Raises ServerError when the given one cannot be reached or is older than PostgreSQL 15.
    """
    if address := database or os.environ.get(URL_VARIABLE):
        return given_server(address)
    return embedded.start(home, prefer=prefer)


def given_server(address: str) -> Server:
    """Try the given address and tell the server's version and what it lacks."""
    url = normalised(address)
    version = _version(address)
    if version[0] < OLDEST_MAJOR:
        raise ServerError(f"服务器是 PostgreSQL {version[0]}，需要 {OLDEST_MAJOR} 或更高版本，请升级服务器。")
    warnings = security_warnings(version)
    return Server(dsn(url), url.host or "", url.port or 5432, version, None, None, warnings)


def _version(address: str) -> tuple[int, int]:
    try:
        connection = psycopg2.connect(dsn(address), connect_timeout=_CONNECT_SECONDS)
    except psycopg2.OperationalError as error:
        raise ServerError(_why_unreachable(normalised(address).host or "", str(error))) from error
    try:
        return divmod(connection.info.server_version, 10_000)
    finally:
        connection.close()


def _why_unreachable(host: str, message: str) -> str:
    if "password authentication failed" in message or "no password supplied" in message:
        return f"数据库服务器 {host} 拒绝了登录：用户名或密码不对。"
    if "does not exist" in message:
        return f"数据库服务器 {host} 上没有地址中写的用户或数据库，请检查地址。"
    if "no pg_hba.conf entry" in message:
        return f"数据库服务器 {host} 不允许从本机登录，请联系它的管理员。"
    return f"连不上数据库服务器 {host}，请检查地址、网络以及服务器是否已启动。"
