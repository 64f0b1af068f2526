"""轮巡组 made, changed and deleted from menus; another's change in between loses nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from commandcenter.domain.errors import Conflict, DomainError
from commandcenter.domain.video import Camera, CameraGroup
from ui.bridge.notices import Note
from ui.screens.video.group_dialog import KEEPER, GroupDialog
from ui.screens.workplace import Workplace
from widgets.tones import Tone

_DWELL_S = 10
Change = Callable[[tuple[int, ...]], tuple[int, ...]]


class GroupKeeper(QObject):
    """What may be done with rotation groups, and doing it."""

    def __init__(self, place: Workplace, over: QWidget) -> None:
        super().__init__(over)
        self._place, self._book, self._over = place, place.cameras, over

    def may_change(self, group: CameraGroup) -> bool:
        """One's own; a supervisor the district's, too."""
        return group.owner_id == self._place.person.id or group.owner_id is None and KEEPER in self._place.roles

    def changeable(self) -> list[CameraGroup]:
        """Those of them that may be changed."""
        return [group for group in self._book.groups if self.may_change(group)]

    def make(self, cameras: Sequence[Camera]) -> GroupDialog:
        """A new one of these, in this order."""
        ids = tuple(camera.id for camera in cameras)
        return self._open(CameraGroup(0, "", _DWELL_S, ids, self._place.person.id))

    def edit(self, group: CameraGroup) -> GroupDialog:
        """Name, seconds, order."""
        return self._open(group)

    def add(self, group: CameraGroup, cameras: Iterable[int]) -> None:
        """At the end; those in it stay where they are."""
        more = tuple(cameras)
        self._start(group, lambda present: tuple(dict.fromkeys((*present, *more))), "已加入轮巡组")

    def remove(self, group: CameraGroup, cameras: Iterable[int]) -> None:
        """Take them out."""
        less = frozenset(cameras)
        self._start(group, lambda present: tuple(key for key in present if key not in less), "已移出轮巡组")

    def delete(self, group: CameraGroup) -> None:
        """At once; a message offers to make it again."""
        self._place.backend.start(self._delete(group), self)

    # ------------------------------------------------------------ inside
    def _open(self, group: CameraGroup) -> GroupDialog:
        dialog = GroupDialog(self._place, group, self._over)
        dialog.show()
        return dialog

    def _start(self, group: CameraGroup, change: Change, words: str) -> None:
        self._place.backend.start(self._change(group, change, words), self)

    async def _change(self, group: CameraGroup, change: Change, words: str) -> None:
        try:
            saved = await self._save(group, change)
        except DomainError as error:
            self._say(group, f"轮巡组没有改变：{group.name}", Tone.OVERDUE, error.message)
        else:
            self._say(group, f"{words}：{saved.name}", Tone.OK, f"现有 {len(saved.cameras)} 路")

    async def _save(self, group: CameraGroup, change: Change) -> CameraGroup:
        """What another made of it in between stays: the change is made to that. Raises DomainError."""
        try:
            return await self._book.save_group(replace(group, cameras=change(group.cameras)))
        except Conflict:
            latest = await self._book.fresh_group(group.id)
            if latest is None:
                raise
            return await self._book.save_group(replace(latest, cameras=change(latest.cameras)))

    async def _delete(self, group: CameraGroup) -> None:
        try:
            await self._book.delete_group(group)
        except DomainError as error:
            if isinstance(error, Conflict):
                self._book.reload()
            self._say(group, f"没有删除轮巡组：{group.name}", Tone.OVERDUE, error.message)
        else:
            note = Note(("group", group.id), f"已删除轮巡组：{group.name}", Tone.OK)
            self._place.notices.post(note, "撤销", lambda: self._place.backend.start(self._again(group), self))

    async def _again(self, group: CameraGroup) -> None:
        try:
            await self._book.save_group(replace(group, id=0, version=1))
        except DomainError as error:
            self._say(group, f"轮巡组没有恢复：{group.name}", Tone.OVERDUE, error.message)
        else:
            self._say(group, f"已恢复轮巡组：{group.name}", Tone.OK)

    def _say(self, group: CameraGroup, text: str, tone: Tone, detail: str = "") -> None:
        self._place.notices.say(("group", group.id), text, tone, detail)
