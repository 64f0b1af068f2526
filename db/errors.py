"""SQLSTATE → domain error: what PostgreSQL refuses, in the words a user can act on."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psycopg2
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from commandcenter.domain import errors

_OURS: Mapping[str, type[errors.DomainError]] = {
    "CC401": errors.LoginRefused,
    "CC403": errors.NotAllowed,
    "CC404": errors.NotFound,
    "CC409": errors.Conflict,
    "CC410": errors.TooLate,
    "CC422": errors.InvalidInput,
    "CC423": errors.WrongState,
    "CC510": errors.DomainError,
}
_WORLD: Mapping[str, tuple[type[errors.DomainError], str]] = {
    "28P01": (errors.LoginRefused, "用户名或密码不对，请重新输入"),
    "28000": (errors.LoginRefused, "该账号已停用或不允许登录，请联系管理员"),
    "42501": (errors.NotAllowed, "您没有权限做这件事"),
    "53200": (errors.ServerUnavailable, "数据库内存不足，请稍后再试；本次操作没有生效"),
    "53300": (errors.ServerUnavailable, "数据库连接数已满，请稍后再试"),
    "53100": (
        errors.ServerUnavailable,
        "数据库磁盘已满，本次操作没有生效；请立即通知管理员清理服务器磁盘，已填内容不会丢失，清理后再试",
    ),
    "55P03": (errors.Busy, "案件正被他人处理，请稍后再试；本次操作没有生效"),
    "57014": (errors.Busy, "数据库响应超时，请稍后再试；本次操作没有生效"),
    "40001": (errors.Busy, "与他人同时操作，请再试一次；本次操作没有生效"),
    "40P01": (errors.Busy, "与他人同时操作，请再试一次；本次操作没有生效"),
    "22P05": (errors.InvalidInput, "内容含有不能保存的字符，请删去后再试"),
    "22021": (errors.InvalidInput, "内容含有不能保存的字符，请删去后再试"),
    "25006": (errors.ServerUnavailable, "数据库处于只读状态，请联系管理员"),
    "3D000": (errors.ServerUnavailable, "服务器上没有这个数据库，请检查地址"),
    "3F000": (errors.SchemaMismatch, "数据库还没有建立，请管理员执行 db upgrade"),
    "42P01": (errors.SchemaMismatch, "数据库与本程序版本不符，请管理员执行 db upgrade"),
    "42883": (errors.SchemaMismatch, "数据库与本程序版本不符，请管理员执行 db upgrade"),
    "42703": (errors.SchemaMismatch, "数据库与本程序版本不符，请管理员执行 db upgrade"),
}
LOST = "与数据库的连接已断开，正在重新连接"
_UNKNOWN = "连接在操作途中断开，正在确认是否已经生效"


@contextmanager
def translated(*, command_sent: bool = False) -> Iterator[None]:
    """Turn driver errors into domain errors; with `command_sent` a lost connection leaves the outcome unknown."""
    try:
        yield
    except PoolTimeout as error:
        raise errors.Busy("数据库繁忙，请稍后再试；本次操作没有生效") from error
    except DBAPIError as error:
        if not isinstance(error.orig, psycopg2.Error):
            raise
        raise domain_error(error.orig, command_sent=command_sent) from error
    except psycopg2.Error as error:
        raise domain_error(error, command_sent=command_sent) from error


def sqlstate(error: BaseException) -> str:
    """The SQLSTATE behind an error of ours or the driver's; empty if no server gave one."""
    behind: BaseException | None = error
    while behind is not None:
        driver = behind.orig if isinstance(behind, DBAPIError) else behind
        if isinstance(driver, psycopg2.Error) and driver.pgcode:
            return driver.pgcode
        behind = behind.__cause__
    return ""


def domain_error(error: psycopg2.Error, *, command_sent: bool = False) -> Exception:
    """The domain error for a driver error; the driver error itself when it is a bug of ours."""
    code = error.pgcode or _code_of_connect_error(error) or ""
    if code in _OURS:
        return _OURS[code](error.diag.message_primary or "", _detail(error))
    if code == "23505" and error.diag.constraint_name == "command_log_pkey":
        return _lost(command_sent=True)  # a resend met its own first sending: ask for the outcome
    if code in _WORLD:
        kind, words = _WORLD[code]
        return kind(words)
    if not code and not isinstance(error, psycopg2.OperationalError | psycopg2.InterfaceError):
        return error if "connection" not in str(error) else _lost(command_sent)
    if not code or code.startswith(("08", "57P")):
        return _lost(command_sent)
    return error


def _lost(command_sent: bool) -> errors.DomainError:
    return errors.OutcomeUnknown(_UNKNOWN) if command_sent else errors.ServerUnavailable(LOST)


def _detail(error: psycopg2.Error) -> Mapping[str, Any]:
    try:
        detail = json.loads(error.diag.message_detail or "{}")
    except ValueError:
        return {}
    return detail if isinstance(detail, dict) else {}


def _code_of_connect_error(error: psycopg2.Error) -> str | None:
    """libpq reports a refused login without a SQLSTATE; its words are the server's, in English or translated."""
    words = str(error)
    if "password authentication failed" in words or "no password supplied" in words:
        return "28P01"
    if "not permitted to log in" in words or "no pg_hba.conf entry" in words:
        return "28000"
    if "too many connections" in words or "too many clients" in words or "remaining connection slots" in words:
        return "53300"
    if "permission denied for database" in words:
        return "28000"
    if "database" in words and "does not exist" in words:
        return "3D000"
    return None
