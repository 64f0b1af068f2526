"""The columns of the list of cameras, and how words find one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from commandcenter.domain.pinyin import initials_at, is_initials
from commandcenter.domain.video import Camera
from widgets.live_table import CellKind, Column
from widgets.tones import Tone

FAVOURITE = "★"


def camera_columns(label: Callable[[str], str], street: Callable[[int], str], marked: Callable[[int], bool],
                   shown: Callable[[int], bool]) -> tuple[Column, ...]:
    """label(category), street(organisation), marked and shown(camera id) are asked when a row is drawn."""
    return (
        Column("name", "摄像机", 210, stretch=1, kind=CellKind.STRONG,
               text=lambda c: f"{FAVOURITE} {c.name}" if marked(c.id) else c.name,
               tone=lambda c: None if may_open(c) else Tone.MUTED, sort_key=lambda c: c.name,
               tooltip=lambda c: f"{c.name}\n{c.place}\n编号 {c.no}"),
        Column("kind", "类别", 84, kind=CellKind.MUTED, text=lambda c: label(c.category), sort_key=lambda c: c.category,
               hide_order=1),
        Column("street", "街道", 84, kind=CellKind.MUTED, text=lambda c: street(c.street_id),
               sort_key=lambda c: street(c.street_id), hide_order=2),
        Column("state", "状态", 74, firm=True, text=lambda c: state_word(c, shown(c.id)),
               tone=lambda c: Tone.ACTION if may_open(c) else Tone.NEAR,
               sort_key=lambda c: (may_open(c), not shown(c.id))),
    )  # fmt: skip


def may_open(camera: Camera) -> bool:
    """Whether its picture can be asked for."""
    return camera.may_view and camera.in_use and bool(camera.streams)


def state_word(camera: Camera, shown: bool) -> str:
    """无权, 停用, 无码流, 在看; nothing when it can be opened."""
    if not camera.may_view:
        return "无权"
    if not camera.in_use:
        return "停用"
    if not camera.streams:
        return "无码流"
    return "在看" if shown else ""


def fitting(words: str, category: str | None, only: Collection[int] | None,
            street: Callable[[int], str]) -> Callable[[Camera], bool]:
    """Whether every word is part of a camera's name, place, number or street, or of its name's initials (dsbk finds
    东四北口), and it is of the category, and one of `only`.
    """
    wanted = [(word, is_initials(word)) for word in words.lower().split()]

    def fits(camera: Camera) -> bool:
        if category not in (None, camera.category) or only is not None and camera.id not in only:
            return False
        if not wanted:
            return True
        text = f"{camera.name} {camera.place} {camera.no} {street(camera.street_id)}".lower()
        return all(word in text or spelled and initials_at(word, camera.name) is not None for word, spelled in wanted)

    return fits


def found(cameras: Iterable[Camera], words: str, street: Callable[[int], str], at_most: int) -> list[Camera]:
    """Those that the words fit: the one that is called so first, then those that can be opened, by name."""
    fits = fitting(words, None, None, street)
    rank = sorted(filter(fits, cameras), key=lambda c: (c.name != words.strip(), not may_open(c), c.name, c.id))
    return rank[:at_most]
