"""The shortest way of a case into each state, in 甲一 and to 区城管委."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tests.support.hands import Hands

UNIT = "D-CG"  # 区城管委, whose clerk is t_cg
SECTION = "CG-1"  # 市容科 below it
NEAR_UNIT = "A-CGK"  # 城市管理科 of 甲街道: every dispatcher reaches it


class Paths:
    """Brings cases where a test needs them."""

    def __init__(self, hands: Hands) -> None:
        self.hands = hands
        self._to: dict[str, Callable[[int], None]] = {
            "reported": self._stay, "accepted": self._accepted, "filed": self._filed, "dispatched": self._dispatched,
            "in_progress": self._in_progress, "returned": self._returned, "suspended": self._suspended,
            "feedback": self._feedback, "verified": self._verified, "closed": self._closed,
            "self_handled": self._self_handled, "force_closed": self._force_closed, "rejected": self._rejected,
            "merged": self._merged,
        }  # fmt: skip

    def to(self, state: str, *, citizen: bool = True, supervised: bool = False, **facts: Any) -> int:
        """A new case brought to a state; a citizen's has one reporter, answered only on the way to `closed`."""
        case = self.hands.report(citizen=citizen, **facts)
        if supervised:
            self.hands.act("supervisor", case, "supervise", leader="李区长", reason="群众反映强烈")
        self._to[state](case)
        assert self.hands.state(case) == state
        return case

    def until(self, days: int = 3) -> str:
        """An instant that many days ahead of the city's clock."""
        return str((self.hands.sql("select cc.city_now()") + timedelta(days=days)).isoformat())

    def answer(self, case: int) -> None:
        self.hands.act("acceptor", case, "reply", text="已处理，谢谢")

    def follow(self, case: int) -> None:
        self.hands.act("followup", case, "follow_up", satisfied="satisfied", solved="yes")

    def whistled(self, case: int, number: str = "", *, caller: str = "A", over: bool = True) -> str:
        """A whistle that a street called for this case, its work over or not; put there by hand. Its number."""
        known = number or f"CS-{case}"
        self.hands.sql(
            "insert into cc.summons (district_id, id, kind, no, state, open, level, scope, caller_id, caller_kind,"
            " street_id, drafted_by, drafted_at, issued_at, changed_at, closed_at) select district_id, id + 777,"
            " 'whistle', %s, 'rating', true, 'normal', '综合执法', %s, 'street', street_id, 1, cc.city_now(),"
            " cc.city_now(), cc.city_now(),"
            " case when %s then cc.city_now() end from cc.cases where id = %s",
            known, self.hands.org(caller), over, case,
        )  # fmt: skip
        self.hands.sql("insert into cc.summons_case select district_id, id + 777, id from cc.cases where id = %s", case)
        return known

    def sub_dispatched(self, state: str) -> int:
        """A case of 区城管委 in the hands of 市容科, dispatched or in progress."""
        case = self.to("in_progress")
        self.hands.act("cg", case, "sub_dispatch", unit_id=self.hands.org(SECTION))
        if state == "in_progress":
            self.hands.act("cg", case, "receive")
        return case

    def _stay(self, case: int) -> None: ...

    def _accepted(self, case: int) -> None:
        self.hands.act("acceptor", case, "accept", item_id=self.hands.item("暴露垃圾"))

    def _filed(self, case: int) -> None:
        self._accepted(case)
        self.hands.act("acceptor", case, "file")

    def _dispatched(self, case: int) -> None:
        self._filed(case)
        self.hands.act("dispatcher", case, "dispatch", unit_id=self.hands.org(UNIT))

    def _in_progress(self, case: int) -> None:
        self._dispatched(case)
        self.hands.act("cg", case, "receive")

    def _returned(self, case: int) -> None:
        self._dispatched(case)
        self.hands.act("cg", case, "return_case", reason="不属于本单位", legal_basis="三定方案")

    def _suspended(self, case: int) -> None:
        self._in_progress(case)
        self.hands.act("supervisor", case, "suspend", until=self.until(), reason="等待配件")

    def _feedback(self, case: int) -> None:
        self._in_progress(case)
        self.hands.act("cg", case, "feedback", result="已清理")

    def _verified(self, case: int) -> None:
        self._feedback(case)
        self.hands.act("verifier", case, "verify")

    def _closed(self, case: int) -> None:
        self._verified(case)
        if self.hands.row(case)["citizen"]:
            self.answer(case)
            self.follow(case)
        self.hands.act("acceptor", case, "close")

    def _self_handled(self, case: int) -> None:
        self._accepted(case)
        self.hands.attach("grid_worker", case, "before")
        self.hands.attach("grid_worker", case, "after")
        self.hands.act("grid_worker", case, "self_handle", result="当场清理")

    def _force_closed(self, case: int) -> None:
        self._filed(case)
        self.hands.act("supervisor", case, "force_close", reason="长期无法解决")

    def _rejected(self, case: int) -> None:
        self.hands.act("acceptor", case, "reject", reason="不在职责范围")

    def _merged(self, case: int) -> None:
        self.hands.act("acceptor", case, "merge", master_id=self.hands.report(citizen=True))
