"""The cameras of this person's territory, as the screens share them; and the looks that are over but not yet told."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TypeVar
from uuid import UUID, uuid4

from PySide6.QtCore import QObject, QTimer, Signal

from commandcenter.domain.errors import DomainError, ServerUnavailable
from commandcenter.domain.pinyin import initials_at
from commandcenter.domain.video import Camera, CameraCategory, CameraGroup, NearCamera, StreamAddress, Viewing
from ui.bridge.backend import Backend
from ui.bridge.live_cases import LiveCases

log = logging.getLogger(__name__)
_RETRY_S = 5.0
_LAST_WORD_S = 2.0
_AWAY_S, _SWEEP_MS = 600.0, 60_000
_ONCE_MORE_S = 1.0
_POLL_S = 0.02
_FRESH_S = 60.0  # no feed tells of cameras: what is shown again is read again
_T = TypeVar("_T")


class CameraBook(QObject):
    """What there is to look at. Nothing is read before somebody wants it.

    changed(): cameras, groups, favourites, `ready` or `error` differ.
    """

    changed = Signal()

    def __init__(self, backend: Backend, live: LiveCases) -> None:
        super().__init__(live)
        self._backend, self._live = backend, live
        self._cameras: dict[int, Camera] = {}
        self.cameras: Mapping[int, Camera] = MappingProxyType(self._cameras)
        self.categories: tuple[CameraCategory, ...] = ()
        self.groups: tuple[CameraGroup, ...] = ()
        self.favourites: frozenset[int] = frozenset()
        self.ready, self.error = False, None
        self._wanted = self._reading = False
        self._read_at = 0.0
        self._over: list[int] = []
        self._looking: Counter[int] = Counter()  # slots of all windows by look: a rotation's look serves several
        self._turned: dict[int, float] = {}  # looks that a rotation may come back to, and since when it is away
        self._telling, self._opening = False, 0
        staying_away = QTimer(self)
        staying_away.setInterval(_SWEEP_MS)
        staying_away.timeout.connect(lambda: self.rotation_is_over(_AWAY_S))
        staying_away.start()
        live.loaded.connect(self._on_loaded)
        live.state_changed.connect(self._on_state)

    ready: bool
    error: DomainError | None

    @property
    def online(self) -> bool:
        """Whether addresses can be asked for."""
        return self._live.online

    def label(self, category: str) -> str:
        """道路街面."""
        return next((kind.label for kind in self.categories if kind.code == category), category)

    # ------------------------------------------------------------ reading
    def want(self) -> None:
        """Somebody shows cameras: read them unless they are fresh, and again after every reconnect."""
        if not self._wanted or time.monotonic() - self._read_at > _FRESH_S:
            self._wanted = True
            self.reload()

    def reload(self) -> None:
        """Read all anew."""
        if not self._reading:
            self._reading = self._backend.start(self._read(), self) is not None

    async def _read(self) -> None:
        port = self._backend.session.cameras
        try:
            kinds, found, groups, marked = await self._backend.call(
                lambda: (port.categories(), _spelled(port.cameras()), port.groups(), port.favourites())
            )
        except DomainError as error:
            log.info("could not read the cameras: %s", error)
            self.error = error
        else:
            self.categories, self.groups, self.favourites = tuple(kinds), tuple(groups), marked
            self._cameras.clear()
            self._cameras.update((camera.id, camera) for camera in found)
            self.ready, self.error = True, None
            self._read_at = time.monotonic()
        finally:
            self._reading = False
        self.changed.emit()

    async def near(self, lon: float, lat: float, at_most: int) -> list[NearCamera]:
        """The nearest in use. Raises DomainError."""
        return await self._backend.call(self._backend.session.cameras.near, lon, lat, at_most)

    async def viewings(self, since: float, until: float, camera_id: int | None = None) -> list[Viewing]:
        """Who looked, newest first, at most 1,000; Unix seconds. Raises DomainError."""
        return await self._backend.call(self._backend.session.cameras.viewings, since, until, camera_id)

    async def fresh_group(self, group_id: int) -> CameraGroup | None:
        """The rotation groups as they are now, of which this one; None: it was deleted. Raises DomainError."""
        self.groups = tuple(await self._backend.call(self._backend.session.cameras.groups))
        self.changed.emit()
        return next((group for group in self.groups if group.id == group_id), None)

    # ------------------------------------------------------------ changing
    async def set_favourite(self, camera_id: int, on: bool) -> None:
        """收藏. Raises DomainError."""
        await self._backend.call(self._backend.session.cameras.set_favourite, camera_id, on)
        self.favourites = self.favourites | {camera_id} if on else self.favourites - {camera_id}
        self.changed.emit()

    async def save_group(self, group: CameraGroup, command: UUID | None = None) -> CameraGroup:
        """Make or change a rotation group; with the command of an attempt whose answer was lost it is done once.

        Raises DomainError.
        """
        once, port = command or uuid4(), self._backend.session.cameras
        saved = await self._once_more(lambda: port.save_group(once, group))
        rest = [kept for kept in self.groups if kept.id != saved.id]
        self.groups = tuple(sorted((*rest, saved), key=lambda kept: kept.name))
        self.changed.emit()
        return saved

    async def delete_group(self, group: CameraGroup) -> None:
        """Remove one. Raises DomainError."""
        command, port = uuid4(), self._backend.session.cameras
        await self._once_more(lambda: port.delete_group(command, group))
        self.groups = tuple(kept for kept in self.groups if kept.id != group.id)
        self.changed.emit()

    async def _once_more(self, deed: Callable[[], _T]) -> _T:
        """The same command again when its answer was lost: it is done once."""
        try:
            return await self._backend.change(lambda _: deed())
        except ServerUnavailable:
            await asyncio.sleep(_ONCE_MORE_S)
            return await self._backend.change(lambda _: deed())

    # ------------------------------------------------------------ looking
    async def open_stream(self, camera_id: int, kind: str, purpose: str, case_id: int | None) -> StreamAddress:
        """The address of a stream; the look is recorded. Raises DomainError."""
        port = self._backend.session.cameras
        self._opening += 1
        try:
            address = await self._backend.call(port.open_stream, camera_id, kind, purpose, case_id)
        finally:
            self._opening -= 1
        self._turned.pop(address.viewing, None)
        self._looking[address.viewing] += 1
        return address

    def look_is_over(self, viewing: int, turning: bool = False) -> None:
        """A slot looks no more; told to the database once no other does, again and again while it is away.

        turning: it may be come back to by its rotation, and is told of when that is over.
        """
        self._looking[viewing] -= 1
        if self._looking[viewing] > 0:
            return
        del self._looking[viewing]
        if turning:
            self._turned[viewing] = time.monotonic()
        else:
            self._tell_of([viewing])

    def rotation_is_over(self, away_s: float = 0.0) -> None:
        """Nobody comes back to the cameras that it turned away from, `away_s` ago or longer."""
        now = time.monotonic()
        over = [viewing for viewing, since in self._turned.items() if now - since >= away_s]
        for viewing in over:
            del self._turned[viewing]
        if over:
            self._tell_of(over)

    def _tell_of(self, over: list[int]) -> None:
        self._over.extend(over)
        self._tell_soon()

    async def say_last_word(self) -> None:
        """The program ends: tell what is not told yet, and what is just being opened, if the database answers soon."""
        give_up = time.monotonic() + _LAST_WORD_S
        while self._opening and time.monotonic() < give_up:
            await asyncio.sleep(_POLL_S)
        await asyncio.sleep(0)  # whoever asked has taken his answer
        over, self._over, self._turned = [*self._over, *self._turned], [], {}
        if over:
            call = self._backend.call(self._backend.session.cameras.close_viewings, over)
            try:
                await asyncio.wait_for(call, _LAST_WORD_S)
            except (TimeoutError, DomainError) as error:
                log.info("looks are not ended in the record: %s", error)

    def _tell_soon(self) -> None:
        if not self._telling:
            self._telling = self._backend.start(self._tell(), self) is not None

    async def _tell(self) -> None:
        try:
            while self._over:
                over = list(self._over)  # kept until they are told: the program may end in between
                try:
                    await self._backend.call(self._backend.session.cameras.close_viewings, over)
                except ServerUnavailable:
                    await asyncio.sleep(_RETRY_S)
                    continue
                except DomainError as error:
                    log.warning("looks could not be ended: %s", error)
                self._over = [viewing for viewing in self._over if viewing not in over]
        finally:
            self._telling = False

    def _on_loaded(self) -> None:
        if self._wanted:
            self.reload()

    def _on_state(self) -> None:
        if self._over and self.online:
            self._tell_soon()


def _spelled(cameras: list[Camera]) -> list[Camera]:
    """Their names' initials are made here, off the GUI thread, and not at the first letter typed."""
    for camera in cameras:
        initials_at("a", camera.name)
    return cameras
