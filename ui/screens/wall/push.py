"""投到大屏 and 收回: what a supervisor's seat puts on a wall; one a login, shared by menus and the command line."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu

from commandcenter.domain.errors import DomainError
from commandcenter.domain.wall import PUSH_KINDS, HallWall, Push, Scene
from ui.bridge.wall_seat import WallSeat
from ui.screens.workplace import Workplace
from widgets.tones import Tone

KEY = "wall-push"
_NOBODY = "没有正在运行的大屏"


class Pusher(QObject):
    """`walls`: those the seat may push to, alive ones first; read again whenever one of them changed."""

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        self._place = place
        self.seat = WallSeat(place.backend, place.live)
        self.seat.setParent(self)
        self.walls: list[HallWall] = []
        self.scenes: tuple[Scene, ...] = ()
        self._reading = self._again = False
        self.seat.changed.connect(self.read)
        place.live.loaded.connect(self.read)
        if place.live.ready:
            self.read()

    @property
    def may_push(self) -> bool:
        """值班长 alone."""
        return self.seat.may_push

    @property
    def alive(self) -> list[HallWall]:
        """Walls that would show it now."""
        return [wall for wall in self.walls if wall.alive]

    def read(self) -> None:
        """Which walls there are, and what was pushed to them."""
        if self._reading:
            self._again = True
        elif self.may_push:
            self._reading = self._place.backend.start(self._read(), self) is not None

    async def _read(self) -> None:
        try:
            self.walls = list(await self.seat.walls())
            if not self.scenes:
                self.scenes = (await self._place.backend.call(self._place.backend.session.wall.plan)).scenes
        except DomainError:
            pass  # as they were; the seat says so again after a reconnect
        finally:
            self._reading = False
        if self._again:
            self._again = False
            self.read()

    # ------------------------------------------------------------ doing
    def push(self, wall: HallWall, kind: str, entity_id: int | None = None, scene: str = "", title: str = "") -> None:
        """Show this there, until it is taken back."""
        self._place.backend.start(self._push(wall, kind, entity_id, scene, title), self)

    def take_back(self, wall: HallWall) -> None:
        """The wall goes on with its own scenes."""
        self._place.backend.start(self._take_back(wall), self)

    async def _push(self, wall: HallWall, kind: str, entity_id: int | None, scene: str, title: str) -> None:
        try:
            await self.seat.push(wall.id, kind, entity_id, scene)
        except DomainError as error:
            self._place.notices.say(KEY, "没有投到大屏", Tone.OVERDUE, error.message)
        else:
            what = title or PUSH_KINDS.get(kind, "")
            self._place.notices.say(KEY, f"已投到大屏“{wall.name}”：{what}", Tone.OK, "收回：命令行 收回，或同一菜单")
        self.read()

    async def _take_back(self, wall: HallWall) -> None:
        try:
            await self.seat.take_back(wall.id)
        except DomainError as error:
            self._place.notices.say(KEY, "没有收回", Tone.OVERDUE, error.message)
        else:
            self._place.notices.say(KEY, f"已收回，大屏“{wall.name}”恢复轮播", Tone.OK)
        self.read()


def pusher_of(place: Workplace) -> Pusher:
    """The one of this login."""
    return place.findChild(Pusher) or Pusher(place)


def add_push_menu(menu: QMenu, place: Workplace, kind: str, entity_id: int | None = None, title: str = "",
                  scene: str = "") -> QMenu | None:
    """投到大屏 with the walls that run, and 收回 where something hangs; None for whoever may not push."""
    pusher = pusher_of(place)
    if not pusher.may_push:
        return None
    part = menu.addMenu("投到大屏")
    wanted = Push(kind, entity_id, scene, 0.0)
    for wall in pusher.alive:
        hangs = wall.push is not None and _same(wall.push, wanted)
        action = part.addAction(f"{wall.name}（正在显示）" if hangs else wall.name)
        action.setEnabled(not hangs)
        action.triggered.connect(lambda _=False, w=wall: pusher.push(w, kind, entity_id, scene, title))
    if not pusher.alive:
        part.addAction(_NOBODY).setEnabled(False)
    pushed = [wall for wall in pusher.alive if wall.push is not None]
    if pushed:
        part.addSeparator()
    for wall in pushed:
        action = part.addAction(f"收回“{wall.name}”")
        action.triggered.connect(lambda _=False, w=wall: pusher.take_back(w))
    return part


def _same(one: Push, other: Push) -> bool:
    return (one.kind, one.entity_id, one.scene) == (other.kind, other.entity_id, other.scene)
