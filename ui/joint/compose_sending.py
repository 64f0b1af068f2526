"""The way of a sheet to the database: opened exactly once, and signed at once by whoever may."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from commandcenter.domain.errors import DomainError, OutcomeUnknown
from commandcenter.domain.joint import ORDER, WHISTLE, JointDone, NewSummons
from ui.joint.presets import KINDS
from ui.screens.workplace import Workplace
from widgets.tones import Tone

_THERE = {WHISTLE: "请在吹哨台打开后", ORDER: "请在联合执法台打开后"}


class ComposeSending:
    """Remembers what was tried under which id: sent again after a lost answer, it is still the same."""

    def __init__(self, place: Workplace) -> None:
        self._place = place
        self._opened: dict[UUID, JointDone] = {}
        self._tried: dict[UUID, NewSummons] = {}

    async def send(self, new: NewSummons, sign: bool) -> JointDone:
        """Open it, sign it, and say what became of it. Raises DomainError when it could not be opened."""
        before = self._tried.setdefault(new.id, new)
        opened = self._opened.get(new.id) or await self._place.joint_deeds.open_summons(new)
        self._opened[new.id] = opened
        done, said = await self._signed(new, opened) if sign and opened.state == "draft" else (opened, False)
        if not said:
            self._say(new, done, "已提交签批" if done.state == "draft" else "已发出", Tone.OK)
        if opened.replayed and new != before:
            self._say(new, done, "已收到刚才那次提交，之后改动的内容没有带上", Tone.NEAR, f"{_THERE[new.kind]}修改")
        return done

    async def _signed(self, new: NewSummons, opened: JointDone) -> tuple[JointDone, bool]:
        """Signed, or the draft as it stands, and whether that was said: it can be signed at the whistle desk."""
        queries = self._place.backend.session.joint_queries
        try:
            rows = await self._place.backend.call(queries.joint, [opened.entity_id])
            signed = await self._place.joint_deeds.act(rows.summons[0], None, "sign", {})
            return replace(signed, no=opened.no), False
        except OutcomeUnknown as error:
            self._say(new, opened, "签发结果待确认", Tone.NEAR, error.message)
        except DomainError as error:
            self._say(new, opened, "已拟稿，签发没有完成", Tone.OVERDUE, f"{error.message}；{_THERE[new.kind]}签发")
        return opened, True

    def _say(self, new: NewSummons, done: JointDone, words: str, tone: Tone, detail: str = "") -> None:
        self._place.notices.say(("composed", done.entity_id), f"{KINDS[new.kind]} {done.no} {words}", tone, detail)
