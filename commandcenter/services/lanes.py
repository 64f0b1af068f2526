"""A lane (参与单位): 响应, 报到, 处置, 办结, 签字; what its caller decides about it; 评价, 申诉 and 通报."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from commandcenter.domain.joint import RATING_LABELS, RATINGS, JointDone, NewJointFile, Party, SummonsRow
from commandcenter.services.joint import JointActions, need


class LaneService(JointActions):
    """What units do in their own lane, and callers and evaluators in every one."""

    def act(self, row: SummonsRow, party: Party, action: str, **args: object) -> JointDone:
        """Any action by its code."""
        return self.on_lane(row, party, action, args)

    # ------------------------------------------------------------ the unit
    def respond(self, row: SummonsRow, party: Party, note: str = "") -> JointDone:
        """响应."""
        return self.act(row, party, "respond", note=note)

    def ask_release(self, row: SummonsRow, party: Party, reason: str, legal_basis: str) -> JointDone:
        """申请退哨, with reason and legal basis."""
        return self.act(row, party, "ask_release", reason=reason, legal_basis=legal_basis)

    def arrive(self, row: SummonsRow, party: Party, lon: float | None = None, lat: float | None = None,
               came: int | None = None) -> JointDone:  # fmt: skip
        """报到 at a place in degrees (WGS-84); by word alone only where the summons names no point."""
        return self.act(row, party, "arrive", lon=lon, lat=lat, came=came)

    def record(self, row: SummonsRow, party: Party, text: str, photos: Sequence[NewJointFile] = ()) -> JointDone:
        """处置记录 with its photos, which go first and stay if the record is then refused."""
        self._attach_all(photos)
        return self.act(row, party, "act", text=text)

    def finish(self, row: SummonsRow, party: Party, result: str, documents: str = "", people: int | None = None,
               goods: int | None = None, photos: Sequence[NewJointFile] = ()) -> JointDone:  # fmt: skip
        """办结反馈. The photos go first: without one the feedback is refused. Their ids make a repetition safe."""
        self._attach_all(photos)
        return self.act(row, party, "finish", result=result, documents=documents, people=people, goods=goods)

    def sign_off(self, row: SummonsRow, party: Party) -> JointDone:
        """签字."""
        return self.act(row, party, "sign_off")

    def object(self, row: SummonsRow, party: Party, reason: str) -> JointDone:
        """申诉, once."""
        return self.act(row, party, "object", reason=reason)

    # ------------------------------------------------------------ the caller
    def release(self, row: SummonsRow, party: Party, note: str = "") -> JointDone:
        """同意退哨."""
        return self.act(row, party, "release", note=note)

    def insist(self, row: SummonsRow, party: Party, reason: str) -> JointDone:
        """驳回退哨."""
        return self.act(row, party, "insist", reason=reason)

    def replace(self, row: SummonsRow, party: Party, unit_id: int, reason: str, heads: int | None = None) -> JointDone:
        """替换单位."""
        return self.act(row, party, "replace", unit_id=unit_id, reason=reason, heads=heads)

    def withdraw(self, row: SummonsRow, party: Party, reason: str) -> JointDone:
        """撤出单位."""
        return self.act(row, party, "withdraw_party", reason=reason)

    def witness(self, row: SummonsRow, party: Party, came: int | None = None, note: str = "") -> JointDone:
        """登记报到: the caller's people on the spot say that it came."""
        return self.act(row, party, "witness", came=came, note=note)

    def dispute(self, row: SummonsRow, party: Party, reason: str) -> JointDone:
        """到场存疑."""
        return self.act(row, party, "dispute", reason=reason)

    def return_lane(self, row: SummonsRow, party: Party, reason: str) -> JointDone:
        """退回重办."""
        return self.act(row, party, "return_lane", reason=reason)

    # ------------------------------------------------------------ 一哨一考
    def rate(self, row: SummonsRow, party: Party, points: Mapping[str, int], reason: str = "") -> JointDone:
        """评价: the four ratings of RATINGS, 0 to 100; a reason when one is low."""
        for code in RATINGS:
            need(code in points, code, RATING_LABELS[code])
        return self.act(row, party, "rate", **points, reason=reason)

    def decide(self, row: SummonsRow, party: Party, upheld: bool, decision: str,
               corrected: Mapping[str, int] | None = None) -> JointDone:  # fmt: skip
        """申诉裁定; `corrected`: figures put right when it is upheld."""
        return self.act(row, party, "decide", upheld="yes" if upheld else "no", decision=decision, **(corrected or {}))

    def publish(self, row: SummonsRow, party: Party, kind: str, text: str) -> JointDone:
        """通报整改."""
        return self.act(row, party, "publish", kind=kind, text=text)

    def _attach_all(self, photos: Sequence[NewJointFile]) -> None:
        for photo in photos:
            self.attach(photo)
