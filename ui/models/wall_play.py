"""What the wall shows when: scenes in the round, a push of a seat at once and until it is taken back, an emergency."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from commandcenter.domain.wall import Push, Scene

CASE, SUMMONS, CAMERA, STREET, EMERGENCY = "case", "summons", "camera", "street", "emergency"
_PUSHED = {
    CASE: Scene(CASE, "案件", CASE, 0, (("case",), ("map",), ("video",))),
    SUMMONS: Scene(SUMMONS, "吹哨", SUMMONS, 0, (("summons",), ("map",))),
    CAMERA: Scene(CAMERA, "视频", CAMERA, 0, (("video",),)),
    STREET: Scene(
        STREET, "街道", STREET, 0, (("figures", "steps", "channels"), ("map",), ("whistles", "latest", "video"))
    ),
    EMERGENCY: Scene(EMERGENCY, "应急", EMERGENCY, 0, (("emergency",), ("map",), ("video",)), rotates=False),
}
PAGE_S = 20  # of a page, where a held scene has several


@dataclass(frozen=True, slots=True)
class Showing:
    """A scene and its page; entity_id: the case, summons, camera or street it is about."""

    scene: Scene
    page: int = 0
    entity_id: int | None = None
    pushed: bool = False


class WallPlay:
    """Asked with the time in seconds, of any clock that never goes back. No Qt: the screen turns its pages."""

    def __init__(self) -> None:
        self._scenes: tuple[Scene, ...] = ()
        self._streets: tuple[int, ...] = ()
        self._named: dict[str, int] = {}
        self._place, self._street, self._since = 0, 0, 0.0
        self._push: Push | None = None
        self._emergency: int | None = None
        self.pages = 1
        self.held = False
        self.showing: Showing | None = None

    # ------------------------------------------------------------ told
    def set_scenes(self, scenes: Sequence[Scene], now: float) -> None:
        """The deployment's scenes; the one that is shown goes on if it is still there."""
        self._scenes = tuple(scenes)
        shown = self.showing.scene.code if self.showing else ""
        codes = [scene.code for scene in self._round()]
        self._place = codes.index(shown) if shown in codes else 0
        self._show(now)

    def set_streets(self, streets: Sequence[tuple[int, str]]) -> None:
        """Ids and short names of the streets that a scene for "one after the other" goes through."""
        self._streets = tuple(street for street, _ in streets)
        self._named = {name: street for street, name in streets}

    def set_push(self, push: Push | None, now: float) -> bool:
        """What a seat wants; None: the round goes on where it was. True: something else is shown."""
        if push == self._push:
            return False
        self._push = push
        return self._show(now)

    def set_emergency(self, emergency_id: int | None, now: float) -> bool:
        """While an emergency lasts nothing else is shown, no push either; None: it is over."""
        self._emergency = emergency_id
        return self._show(now)

    def choose(self, code: str, now: float) -> bool:
        """Somebody at the wall wants this scene; the round goes on from there."""
        codes = [scene.code for scene in self._round()]
        if code not in codes:
            return False
        self._place = codes.index(code)
        return self._show(now)

    def turn(self, steps: int, now: float) -> bool:
        """On or back by hand."""
        if self._push is not None or not self._round():
            return False
        self._place = (self._place + steps) % len(self._round())
        return self._show(now)

    def tick(self, now: float) -> bool:
        """Time passes. True: another scene or page is shown."""
        shown = self.showing
        if shown is None or now - self._since < self._dwell(shown):
            return False
        if shown.page + 1 < self.pages:
            self._since, self.showing = now, replace(shown, page=shown.page + 1)
            return True
        if self._fixed() is not None or self.held or len(self._round()) < 2 and shown.scene.kind != STREET:
            self._since = now
            self.showing = replace(shown, page=0)
            return shown.page != 0
        if shown.scene.kind == STREET:
            self._street += 1
        self._place = (self._place + 1) % len(self._round())
        return self._show(now)

    # ------------------------------------------------------------ inside
    def _round(self) -> list[Scene]:
        return [scene for scene in self._scenes if scene.rotates]

    def _dwell(self, shown: Showing) -> float:
        whole = shown.scene.dwell_s or PAGE_S
        return whole if self.pages < 2 or self._fixed() else max(PAGE_S / 2, whole / self.pages)

    def _fixed(self) -> Showing | None:
        """What is shown whatever the time."""
        if self._emergency is not None:
            return Showing(_PUSHED[EMERGENCY], 0, self._emergency)
        if self._push is None:
            return None
        if self._push.kind == "scene":
            found = next((s for s in self._scenes if s.code == self._push.scene), None)
            return self._about(found, pushed=True) if found else None
        made = _PUSHED.get(self._push.kind)
        return Showing(made, 0, self._push.entity_id, True) if made else None

    def _show(self, now: float) -> bool:
        turning = self._round()
        found = self._fixed() or (self._about(turning[self._place % len(turning)]) if turning else None)
        if found is not None and self.showing == replace(found, page=self.showing.page if self.showing else 0):
            return False
        self.showing, self._since, self.pages = found, now, 1
        return True

    def _about(self, scene: Scene, pushed: bool = False) -> Showing:
        street = self._named.get(scene.street) if scene.street else None
        if scene.kind == STREET and street is None and self._streets:
            street = self._streets[self._street % len(self._streets)]
        return Showing(scene, 0, street if scene.kind == STREET else None, pushed)
