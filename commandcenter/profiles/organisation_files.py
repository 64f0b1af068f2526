"""Reads the tables of organisation, channels and operators of a profile."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from commandcenter.profiles.errors import ProfileError
from commandcenter.profiles.model import ORG_KINDS, ROLES, Channel, Operator, OrgUnit, homes_of
from commandcenter.profiles.table import Row, read_rows, unique

ORG_COLUMNS: Final = ("key", "parent_key", "kind", "name", "short_name", "serves_key", "line", "sample")
CHANNEL_COLUMNS: Final = ("code", "name", "short_name", "proactive", "citizen")
OPERATOR_COLUMNS: Final = ("login", "name", "phone", "duties")
_LOGIN: Final = re.compile(r"[a-z][a-z0-9_]{1,19}")
PHONE: Final = re.compile(r"\d{7,11}")


def read_org(path: Path) -> tuple[OrgUnit, ...]:
    """Read org.csv; a parent stands above its children, so the tree cannot contain a circle.

    The first unit is the whole: a district, or a city, below which come its districts. A line is answered for by one
    unit of the city and by one of each district.
    """
    rows = [(row, _org_unit(row)) for row in read_rows(path, ORG_COLUMNS)]
    units = unique(rows, "key", lambda unit: unit.key)
    _check_tree(rows)
    if not any(unit.kind == "district" for unit in units):
        raise ProfileError(path.name, None, "没有区县（kind 为 district 的单位）")
    _check_lines(rows)
    return tuple(units)


def read_channels(path: Path) -> tuple[Channel, ...]:
    """Read channels.csv."""
    rows = [(row, _channel(row)) for row in read_rows(path, CHANNEL_COLUMNS)]
    unique(rows, "name", lambda channel: channel.name)
    return tuple(unique(rows, "code", lambda channel: channel.code))


def read_operators(path: Path, org: Sequence[OrgUnit]) -> tuple[Operator, ...]:
    """Read operators.csv; every duty's scope must be a node of ``org``."""
    keys = frozenset(unit.key for unit in org)
    rows = [(row, _operator(row, keys)) for row in read_rows(path, OPERATOR_COLUMNS)]
    return tuple(unique(rows, "login", lambda operator: operator.login))


def _org_unit(row: Row) -> OrgUnit:
    return OrgUnit(
        key=row.text("key"),
        parent_key=row.optional("parent_key"),
        kind=row.choice("kind", ORG_KINDS),
        name=row.text("name"),
        short_name=row.text("short_name"),
        serves_key=row.optional("serves_key"),
        line=row.optional("line"),
        sample=row.flag("sample"),
    )


def _check_tree(rows: Sequence[tuple[Row, OrgUnit]]) -> None:
    kinds: dict[str, str] = {}
    for row, unit in rows:
        if unit.parent_key is None and kinds:
            raise row.error("只有第一个单位可以没有上级")
        if unit.parent_key is not None and unit.parent_key not in kinds:
            raise row.error(f"上级“{unit.parent_key}”不存在或排在本行之后")
        _check_whole(row, unit, kinds)
        _check_service(row, unit, kinds)
        kinds[unit.key] = unit.kind


def _check_whole(row: Row, unit: OrgUnit, kinds: dict[str, str]) -> None:
    """City, district, street: what holds other territory has one place in the tree."""
    above = kinds.get(unit.parent_key or "")
    if unit.parent_key is None and unit.kind not in ("city", "district"):
        raise row.error("第一个单位须是市（city）或区县（district）")
    if unit.parent_key is not None and unit.kind == "city":
        raise row.error("市（city）只能是第一个单位")
    if unit.kind == "district" and above not in (None, "city"):
        raise row.error(f"区县的上级“{unit.parent_key}”不是市")
    if unit.kind == "street" and above != "district":
        raise row.error(f"街道的上级“{unit.parent_key}”不是区县")


def _check_lines(rows: Sequence[tuple[Row, OrgUnit]]) -> None:
    homes = homes_of(unit for _, unit in rows)
    answering: dict[tuple[str, str], int] = {}
    for row, unit in rows:
        if unit.line and (first := answering.setdefault((homes[unit.key], unit.line), row.number)) != row.number:
            raise row.error(f"“line”的值“{unit.line}”与第 {first} 行重复")


def _check_service(row: Row, unit: OrgUnit, kinds: dict[str, str]) -> None:
    if unit.kind == "agency" and unit.serves_key is None:
        raise row.error("派出机构必须写明所驻街道（serves_key）")
    if unit.serves_key is not None and kinds.get(unit.serves_key) != "street":
        raise row.error(f"所驻街道“{unit.serves_key}”不存在或不是街道")


def _channel(row: Row) -> Channel:
    flags = row.flag("proactive"), row.flag("citizen")
    return Channel(row.text("code"), row.text("name"), *flags, short_name=row.text("short_name"))


def _operator(row: Row, keys: frozenset[str]) -> Operator:
    login, phone = row.text("login"), row.text("phone")
    if not _LOGIN.fullmatch(login):
        raise row.error(f"登录名“{login}”应为 2–20 位小写字母、数字或下划线，以字母开头")
    if not PHONE.fullmatch(phone):
        raise row.error(f"电话“{phone}”应为 7–11 位数字")
    duties = tuple(_duty(row, text, keys) for text in row.text("duties").split())
    return Operator(login, row.text("name"), duties, phone)


def _duty(row: Row, text: str, keys: frozenset[str]) -> tuple[str, str]:
    role, _, scope = text.partition("@")
    if role not in ROLES:
        raise row.error(f"角色“{role}”不存在")
    if scope not in keys:
        raise row.error(f"职责范围“{scope}”不在组织中")
    return role, scope
