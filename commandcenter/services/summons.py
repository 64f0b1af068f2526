"""吹哨 and 联合执法令 as a whole: drawn up, signed, widened, closed, followed up, archived; and their papers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import uuid4

from commandcenter.domain.errors import InvalidInput
from commandcenter.domain.joint import (
    WHISTLE,
    Document,
    JointDone,
    NewSummons,
    SummonsRow,
    Team,
    TeamLine,
)
from commandcenter.services.joint import JointActions, need


class SummonsService(JointActions):
    """What callers, signers and supervisors do with the whole."""

    def draft(self, new: NewSummons) -> JointDone:
        """拟哨, 拟令. Words are stripped, blank checks left out. The draft's own id makes a repetition safe."""
        tidy = _tidy(new)
        _check(tidy)
        return self._open(tidy)

    def act(self, row: SummonsRow, action: str, **args: object) -> JointDone:
        """Any action by its code."""
        return self.on_summons(row, action, args)

    def sign(self, row: SummonsRow, note: str = "") -> JointDone:
        """签批吹哨, 签发并召集."""
        return self.act(row, "sign", note=note)

    def send_back(self, row: SummonsRow, reason: str) -> JointDone:
        """退回修改."""
        return self.act(row, "send_back", reason=reason)

    def discard(self, row: SummonsRow, reason: str) -> JointDone:
        """作废."""
        return self.act(row, "discard", reason=reason)

    def add_party(self, row: SummonsRow, unit_id: int, heads: int | None = None, reason: str = "") -> JointDone:
        """增派单位."""
        return self.act(row, "add_party", unit_id=unit_id, heads=heads, reason=reason)

    def reschedule(self, row: SummonsRow, meet_at: datetime, reason: str, place: str = "") -> JointDone:
        """改期改址, to an aware datetime."""
        return self.act(row, "reschedule", meet_at=meet_at, reason=reason, place=place)

    def raise_level(self, row: SummonsRow, level: str, reason: str) -> JointDone:
        """哨源升级."""
        return self.act(row, "raise_level", level=level, reason=reason)

    def consult(self, row: SummonsRow, title: str, meet_at: datetime, place: str = "", text: str = "") -> JointDone:
        """二次会商 of the parties, at an aware datetime."""
        return self.act(row, "consult", title=title, meet_at=meet_at, place=place, text=text)

    def withdraw(self, row: SummonsRow, reason: str) -> JointDone:
        """撤回, while nobody came."""
        return self.act(row, "withdraw", reason=reason)

    def tick(self, row: SummonsRow, check: int, note: str = "") -> JointDone:
        """清单完成."""
        return self.act(row, "tick", check=check, note=note)

    def close(self, row: SummonsRow, conclusion: str) -> JointDone:
        """结束吹哨, 办结: all lanes have signed."""
        return self.act(row, "close", conclusion=conclusion)

    def rule_close(self, row: SummonsRow, conclusion: str, reason: str) -> JointDone:
        """裁定结束: a supervisor ends it although a lane is unsigned."""
        return self.act(row, "rule_close", conclusion=conclusion, reason=reason)

    def follow_up(self, row: SummonsRow, satisfied: str, note: str = "") -> JointDone:
        """群众回访."""
        return self.act(row, "follow_up", satisfied=satisfied, note=note)

    def verify(self, row: SummonsRow, note: str = "") -> JointDone:
        """核验归档."""
        return self.act(row, "verify", note=note)

    def reject_verify(self, row: SummonsRow, reason: str) -> JointDone:
        """核验退回."""
        return self.act(row, "reject_verify", reason=reason)

    def note(self, row: SummonsRow, text: str) -> JointDone:
        """补充说明."""
        return self.act(row, "note", text=text)

    def issue_document(self, row: SummonsRow) -> Document:
        """出具公文: the paper as it stands now, with a code by which it can be checked."""
        command_id = uuid4()
        return self._performer.told_again(lambda: self._performer.commands.issue_document(command_id, row.id))

    def save_team(self, name: str, template: str, lines: Sequence[TeamLine]) -> Team:
        """存为模板. Raises InvalidInput without a name or a line, or with more than one lead."""
        need(name.strip(), "name", "队伍名称")
        need(lines, "lines", "至少一个条线")
        if sum(line.lead for line in lines) > 1:
            raise InvalidInput("牵头单位只能有一个", {"field": "lines"})
        command_id, words = uuid4(), (name.strip(), template.strip())
        return self._performer.told_again(lambda: self._performer.commands.save_team(command_id, *words, lines))


def _tidy(new: NewSummons) -> NewSummons:
    return replace(
        new,
        title=new.title.strip(),
        reason=new.reason.strip(),
        place=new.place.strip(),
        checks=tuple(text.strip() for text in new.checks if text.strip()),
        cases=tuple(dict.fromkeys(new.cases)),
    )


def _check(new: NewSummons) -> None:
    """What the database would refuse too, said before a journey; the field is where the caller puts it right."""
    need(new.title, "title", "事由")
    need(new.scope, "scope", "情形")
    units = [party.unit_id for party in new.parties]
    if not units and new.kind == WHISTLE:
        raise InvalidInput("请至少选择一个单位", {"field": "parties"})
    if len(set(units)) < len(units):
        raise InvalidInput("同一单位只能出现一次", {"field": "parties"})
    if sum(party.lead for party in new.parties) > 1:
        raise InvalidInput("牵头单位只能有一个", {"field": "parties"})
    if new.meet_at is not None and new.ends_at is not None and new.ends_at <= new.meet_at:
        raise InvalidInput("结束时间须晚于集结时间", {"field": "ends_at"})
