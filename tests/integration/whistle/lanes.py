"""Quick hands for whistles and orders: anybody opens, signs, answers, comes … at once; `to` brings one to a state."""

from __future__ import annotations

import json
import uuid
from datetime import datetime, timedelta
from typing import Any

from tests.support.hands import Hands
from tests.support.town import PNG, Town

PLACE = {"lon": 116.0025, "lat": 40.0025}
CLERKS = {
    "D-CG": "cg", "D-GA": "ga", "D-SW": "sw", "PCS-A": "pcs", "A": "street_a", "B": "street_b", "A-CGK": "street_a",
}  # fmt: skip
STATES = ("pending", "responded", "arrived", "done", "signed")
GOOD = {"efficiency": 90, "cooperation": 80, "professional": 85, "responsibility": 95}


class Whistles(Hands):
    """`act` and `lane` do something to a summons as it stands; ids by the town's keys."""

    def __init__(self, town: Town) -> None:
        super().__init__(town)
        self._orgs: dict[str, int] = {}

    def unit(self, key: str) -> int:
        """The id of an organisation, asked once."""
        if key not in self._orgs:
            self._orgs[key] = self.org(key)
        return self._orgs[key]

    def now(self) -> datetime:
        found: datetime = self.sql("select cc.city_now()")
        return found

    def ahead(self, **by: float) -> str:
        """An instant that lies so far ahead of the city's clock."""
        return (self.now() + timedelta(**by)).isoformat()

    # ------------------------------------------------------------------ opening
    def args(self, kind: str = "whistle", units: tuple[str, ...] = ("D-CG", "D-GA"), **more: Any) -> dict[str, Any]:
        """What a right draft says: a street's whistle at once, or a district's order in twenty minutes."""
        given: dict[str, Any] = {
            "caller_id": self.unit("A" if kind == "whistle" else "T"), "scope": "综合执法", "title": "占道经营",
            "reason": "群众反映", "place": "甲一社区东门", **PLACE, "level": "key",
            "parties": [{"unit_id": self.unit(key)} for key in units],
        }  # fmt: skip
        if kind == "order":
            given |= {"meet_at": self.ahead(minutes=20), "checks": ["疏导交通"]}
        return {key: value for key, value in (given | more).items() if value is not None}

    def open_with(self, login: str, kind: str, args: dict[str, Any], command: str | None = None) -> dict[str, Any]:
        answer: dict[str, Any] = self.as_person(
            login, "select cc.open_summons(%s, %s, %s)", command or str(uuid.uuid4()), kind,
            json.dumps(args, ensure_ascii=False, default=str),
        )  # fmt: skip
        return answer

    def open(self, kind: str = "whistle", login: str | None = None, **facts: Any) -> int:
        """A new draft; its id."""
        login = login or ("dispatcher" if kind == "whistle" else "supervisor")
        return int(self.open_with(login, kind, self.args(kind, **facts))["entity_id"])

    def issued(self, kind: str = "whistle", **facts: Any) -> int:
        """Signed, unless it needs no signature, and called."""
        number = self.open(kind, **facts)
        if self.summons(number)["state"] == "draft":
            self.do(self.head_of(number), number, "sign")
        return number

    def head_of(self, number: int) -> str:
        """Who speaks for the caller."""
        kind = self.sql("select caller_kind from cc.summons where id = %s", number)
        return "supervisor" if kind == "district" else "leader"

    def rater(self, number: int, lane: int = 1) -> str | None:
        """Who rated this lane."""
        found = self.rows("select o.login from cc.summons_party p join cc.operator o on o.id = p.rated_by"
                          " where p.summons_id = %s and p.no = %s", number, lane)  # fmt: skip
        return str(found[0][0]) if found else None

    # ------------------------------------------------------------------ acting
    def summons(self, number: int) -> dict[str, Any]:
        return self._row("select * from cc.summons where id = %s", number)

    def party(self, number: int, lane: int = 1) -> dict[str, Any]:
        return self._row("select * from cc.summons_party where summons_id = %s and no = %s", number, lane)

    def lanes(self, number: int) -> list[int]:
        """Numbers of the live lanes."""
        listed = "select no from cc.summons_party where summons_id = %s and live order by no"
        return [r[0] for r in self.rows(listed, number)]

    def do(self, login: str, number: int, action: str, *, version: int | None = None, command: str | None = None,
           **args: Any) -> dict[str, Any]:  # fmt: skip
        """An action on the whole as it stands; the function's answer."""
        expected = self.summons(number)["version"] if version is None else version
        answer: dict[str, Any] = self.as_person(
            login, "select cc.summons_act(%s, %s, %s, %s, %s)", command or str(uuid.uuid4()), number, expected, action,
            json.dumps(args, ensure_ascii=False, default=str),
        )  # fmt: skip
        return answer

    def lane(self, login: str, number: int, action: str, lane: int = 1, *, version: int | None = None,
             command: str | None = None, **args: Any) -> dict[str, Any]:  # fmt: skip
        """An action in a lane as it stands."""
        expected = self.party(number, lane)["version"] if version is None else version
        answer: dict[str, Any] = self.as_person(
            login, "select cc.lane_act(%s, %s, %s, %s, %s, %s)", command or str(uuid.uuid4()), number, lane, expected,
            action, json.dumps(args, ensure_ascii=False, default=str),
        )  # fmt: skip
        return answer

    def proof(self, login: str, number: int, lane: int | None = 1, kind: str = "after") -> dict[str, Any]:
        """A photo of a lane, or of the whole (None)."""
        answer: dict[str, Any] = self.as_person(
            login, "select cc.attach_joint(%s, 'summons', %s, %s, %s, 'a.png', 'image/png', %s)", str(uuid.uuid4()),
            number, lane, kind, PNG,
        )  # fmt: skip
        return answer

    def clerk(self, number: int, lane: int) -> str:
        """Whose clerk acts in a lane."""
        return CLERKS[self.sql("select o.key from cc.summons_party p join cc.org o on o.id = p.unit_id"
                               " where p.summons_id = %s and p.no = %s", number, lane)]  # fmt: skip

    # ------------------------------------------------------------------ ways
    def forward(self, number: int, lane: int, to: str) -> None:
        """Bring a called lane on: responded, arrived, done, signed."""
        who, steps = self.clerk(number, lane), (self._respond, self._arrive, self._finish, self._sign)
        present = STATES.index(self.party(number, lane)["state"])
        for step in steps[present : STATES.index(to)]:
            step(who, number, lane)

    def all_forward(self, number: int, to: str) -> None:
        """Every live lane."""
        for lane in self.lanes(number):
            self.forward(number, lane, to)

    def to(self, state: str, kind: str = "whistle", **facts: Any) -> int:
        """A new summons brought to a state of its own."""
        number = self.open(kind, **facts) if state == "draft" else self.issued(kind, **facts)
        if state in ("responded", "acting", "rating", "verifying", "archived"):
            self.all_forward(number, {"responded": "responded", "acting": "arrived"}.get(state, "signed"))
        if state in ("rating", "verifying", "archived"):
            self.close(number)
        if state in ("verifying", "archived"):
            self.rate_all(number)
        if state == "archived" and kind == "whistle":
            self.do("evaluator", number, "verify")
        if state == "withdrawn":
            self.do(self.head_of(number), number, "withdraw", reason="情况已消除")
        assert self.summons(number)["state"] == state
        return number

    def close(self, number: int) -> None:
        if self.summons(number)["kind"] == "order":
            for check in self.rows("select no from cc.summons_check where summons_id = %s and done_at is null", number):
                self.do("supervisor", number, "tick", check=check[0])
        self.do(self.head_of(number), number, "close", conclusion="已清理")

    def rate_all(self, number: int, **scores: Any) -> None:
        for lane in self.lanes(number):
            self.lane(self.head_of(number), number, "rate", lane, **(GOOD | scores))

    def actions(self, number: int, lane: int | None = None) -> list[str]:
        """The trace's actions, of the whole or of a lane."""
        listed = "select action, party_no from cc.joint_event where entity_id = %s order by seq"
        return [action for action, party in self.rows(listed, number) if lane is None or party == lane]

    def _respond(self, who: str, number: int, lane: int) -> None:
        self.lane(who, number, "respond", lane)

    def _arrive(self, who: str, number: int, lane: int) -> None:
        self.lane(who, number, "arrive", lane, **PLACE)

    def _finish(self, who: str, number: int, lane: int) -> None:
        self.proof(who, number, lane)
        self.lane(who, number, "finish", lane, result="已处置", documents="城管罚〔2026〕1 号", people=2, goods=3)

    def _sign(self, who: str, number: int, lane: int) -> None:
        self.lane(who, number, "sign_off", lane)

    def _row(self, statement: str, *values: Any) -> dict[str, Any]:
        with self._connection.cursor() as cursor:
            cursor.execute(statement, values)
            assert cursor.description is not None
            found = cursor.fetchone()
            assert found is not None
            return dict(zip([column.name for column in cursor.description], found, strict=True))
