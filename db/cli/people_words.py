"""user add|list|disable|worker|password."""

from __future__ import annotations

from collections.abc import Sequence

from commandcenter.domain.errors import InvalidInput
from commandcenter.domain.roles import ROLE_LABELS
from db.cli.answer import Answer
from db.cli.station import Station
from db.gateways.people import Operator, People


def add(station: Station, login: str, name: str, duties: Sequence[str], password: str) -> Answer:
    """Add a person; duties as ROLE@SCOPE."""
    if not duties or any("@" not in d for d in duties):
        raise InvalidInput("请用 --duty 岗位@范围 指定岗位，例如 --duty 派遣员@东城区")
    pairs = [(d.split("@", 1)[0], d.split("@", 1)[1]) for d in duties]
    People(station.owner).add(login, name, password, pairs)
    return Answer({"login": login}, (f"已添加 {name}（{login}）",))


def everybody(station: Station) -> Answer:
    """All operators."""
    found = People(station.owner).list()
    figures = [
        {"login": o.login, "name": o.name, "active": o.active, "duties": [f"{r}@{s}" for r, s in o.duties]}
        for o in found
    ]
    lines = tuple(_line(o) for o in found)
    return Answer({"users": figures}, lines)


def disable(station: Station, login: str) -> Answer:
    """Take a person's right to work away, at once."""
    People(station.owner).set_active(login, False)
    return Answer({"login": login, "active": False}, (f"已停用 {login}",))


def worker(station: Station, login: str, grid: str | None, name: str | None) -> Answer:
    """Say which of a grid's people a login is, or that it is nobody."""
    if (grid is None) != (name is None):
        raise InvalidInput("请同时用 --grid 与 --name 指明人员；两者都不写则解除对应")
    People(station.owner).be_worker(login, None if grid is None or name is None else (grid, name))
    said = f"{login} 不再对应网格人员" if grid is None else f"{login} 是网格 {grid} 的 {name}"
    return Answer({"login": login, "grid": grid, "name": name}, (said,))


def password(station: Station, login: str, new: str) -> Answer:
    """Give a person a new password."""
    People(station.owner).set_password(login, new)
    if station.password_of(login) is not None:
        station.passwords.put(login, new)
    return Answer({"login": login}, (f"已更改 {login} 的密码",))


def _line(o: Operator) -> str:
    duties = "、".join(f"{ROLE_LABELS[role]}@{scope}" for role, scope in o.duties)
    return f"{o.login:<20} {o.name}  {duties}{'' if o.active else '  已停用'}"
