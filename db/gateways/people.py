"""Operators: who may log in, in which role, in which scope. The rules are the database's (85_people.sql)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, text

from commandcenter.domain.errors import InvalidInput
from commandcenter.domain.roles import ROLE_LABELS
from db.errors import translated
from db.gateways.logins import verifier

SHORTEST_PASSWORD = 10
# By key or name; an administrator means a unit of his own district, the owner of the database has none.
_SCOPE = """select id, key from cc.org where (key = :s or short_name = :s or name = :s)
  and (cc.my_homes() = '{}' or district_id = any(cc.my_homes())) order by key = :s desc, position limit 3"""
# Where somebody with these duties belongs: to the district all of them lie in, else to the city above.
_HOME = """select d.district_id from cc.district d
  join cc.org_closure c on c.ancestor_id = d.district_id and c.via = 'line'
  where c.descendant_id = any(:orgs) group by d.district_id
  having count(distinct c.descendant_id) = (select count(*) from cc.org where id = any(:orgs))
  order by d.district_id = d.shared_id limit 1"""

_MEMBER = text("""select m.id from cc.grid_team m join cc.grid g on g.id = m.grid_id and g.district_id = m.district_id
  where :grid in (g.code, g.key) and m.name = :name and m.operator_id is null order by m.id limit 1""")


@dataclass(frozen=True, slots=True)
class Operator:
    """A person with a login; duties as (role, short name of the scope)."""

    login: str
    name: str
    active: bool
    duties: tuple[tuple[str, str], ...]


class People:
    """User administration for a connection that may do it: an administrator's, or the owner's."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def list(self) -> list[Operator]:
        """All operators with their duties."""
        sql = """select o.login, o.name, o.active,
          coalesce(json_agg(json_build_array(d.role, g.short_name) order by d.role)
            filter (where d.role is not null), '[]')
          from cc.operator o left join cc.duty d on d.operator_id = o.id left join cc.org g on g.id = d.org_id
          group by o.login, o.name, o.active order by o.login"""
        with translated(), self._engine.connect() as connection:
            return [Operator(r[0], r[1], r[2], tuple((a, b) for a, b in r[3])) for r in connection.execute(text(sql))]

    def add(self, login: str, name: str, password: str, duties: Sequence[tuple[str, str]]) -> None:
        """Add a person. duties: (role, key or short name of the scope). Raises InvalidInput, NotAllowed."""
        _check_password(password)
        with translated(), self._engine.begin() as connection:
            facts = [{"role": _role(role), "org_id": self._org(connection, scope)} for role, scope in duties]
            connection.execute(
                text("select cc.create_operator(:district, :login, :name, :verifier, cast(:duties as jsonb))"),
                {
                    "district": connection.execute(text(_HOME), {"orgs": [f["org_id"] for f in facts]}).scalar(),
                    "login": login,
                    "name": name,
                    "verifier": verifier(connection, login, password),
                    "duties": json.dumps(facts),
                },
            )

    def set_active(self, login: str, active: bool) -> None:
        """Allow or forbid a person to work; a running session loses its rights at once."""
        with translated(), self._engine.begin() as connection:
            connection.execute(
                text("select cc.set_operator_active(:login, :active)"), {"login": login, "active": active}
            )

    def be_worker(self, login: str, member: tuple[str, str] | None) -> None:
        """Make a login a grid's person, told by (code or key of the grid, name), or nobody. Raises InvalidInput."""
        with translated(), self._engine.begin() as connection:
            number = None
            if member is not None:
                number = connection.execute(_MEMBER, {"grid": member[0], "name": member[1]}).scalar()
                if number is None:
                    raise InvalidInput(f"网格 {member[0]} 的队伍中没有{member[1]}，或他已对应别的账号")
            connection.execute(text("select cc.link_worker(:login, :member)"), {"login": login, "member": number})

    def set_password(self, login: str, password: str) -> None:
        """Give a person a new password."""
        _check_password(password)
        with translated(), self._engine.begin() as connection:
            words = verifier(connection, login, password)
            connection.execute(
                text("select cc.set_operator_password(:login, :words)"), {"login": login, "words": words}
            )

    @staticmethod
    def _org(connection: Connection, scope: str) -> int:
        found = connection.execute(text(_SCOPE), {"s": scope}).all()
        if not found:
            raise InvalidInput(f"没有单位 {scope}", {"field": "scope"})
        if len(found) > 1 and found[0].key != scope:
            keys = "、".join(row.key for row in found)
            raise InvalidInput(f"有多个单位叫 {scope}，请写编号，如 {keys}", {"field": "scope"})
        return int(found[0].id)


def _role(role: str) -> str:
    by_label = {label: code for code, label in ROLE_LABELS.items()}
    code = by_label.get(role, role)
    if code not in ROLE_LABELS or code == "duty":
        raise InvalidInput(f"没有岗位 {role}；可选：{'、'.join(sorted(by_label))}", {"field": "role"})
    return code


def _check_password(password: str) -> None:
    if len(password) < SHORTEST_PASSWORD:
        raise InvalidInput(f"密码至少 {SHORTEST_PASSWORD} 位", {"field": "password"})
