"""What was picked on the map: its card, which follows every change, and the way from it to cameras and tracks."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from commandcenter.geo import to_lonlat, to_plane
from ui.models.camera_columns import may_open, state_word
from ui.models.joint_words import KIND_LABELS, JointWords
from ui.models.map_areas import GRID, Key
from ui.models.map_marks import CAMERAS, CASES, FOUND, FOUND_SPRITES, WHISTLES, WORKERS
from ui.models.map_tally import NEAR, OVERDUE
from ui.models.map_words import camera_facts, case_facts, summons_facts, track_words, worker_facts
from ui.models.past_moment import arrival_of, issue_of
from ui.screens.desk.near_rows import why_not
from ui.screens.map.picked_card import Deed, Face
from ui.screens.map.whereabouts import CELL, Picked, Whereabouts
from ui.screens.map.worker_track import WorkerTrack
from widgets.tones import Tone

if TYPE_CHECKING:
    from ui.screens.map.screen import MapDesk

_FOUND_Z = 45
_NEAR = 1.2   # of a point that was typed
_CLOSE = 2.0  # metres of the plane per pixel: a few street corners


class Picking(QObject):
    """One thing at a time; another pick replaces it."""

    def __init__(self, desk: MapDesk) -> None:
        super().__init__(desk)
        self._desk, self._place = desk, desk.place
        self.picked: Picked | None = None
        self.found: tuple[float, float] | None = None  # on the plane: a point that was typed
        self.where, self.track = Whereabouts(desk), WorkerTrack(desk)
        self._faces: dict[str, Callable[[int], Face | None]] = {
            CASES: self._case, CAMERAS: self._camera, WORKERS: self._worker, WHISTLES: self._summons, CELL: self._cell,
            FOUND: self._found,
        }
        desk.canvas.define_layer(FOUND, FOUND_SPRITES, clustered=False, z=_FOUND_Z)
        desk.card.closed.connect(self.drop)
        desk.card.watch_wanted.connect(self.watch_near)
        desk.card.all_wanted.connect(self.open_all_near)
        desk.slot.changed.connect(self._on_slot)
        desk.cases.counted.connect(self.refresh)
        desk.joint.counted.connect(self.refresh)
        desk.workers.counted.connect(self.refresh)
        desk.cameras.counted.connect(self.refresh)
        self.track.changed.connect(self.refresh)
        self._place.words_changed.connect(self.refresh)

    # ------------------------------------------------------------ picking
    def pick(self, layer: str, number: int, look: bool = False) -> bool:
        """Show its card; look: the map goes there, too. False if there is no such thing."""
        face = self._faces[layer](number)
        if face is None:
            return False
        if look:
            self.where.bring_into_sight(Picked(layer, number))
        if (before := self.picked) != Picked(layer, number):
            self.track.forget()
            self._mark(before, False)
        self.picked = Picked(layer, number)
        self._mark(self.picked, True)
        self._desk.card.show_face(face)
        if look and (point := self.where.point(self.picked)) is not None:
            view = self._desk.canvas.view
            self._desk.canvas.centre_on(*point, min(view.metres_per_pixel, _CLOSE))
        return True

    def pick_point(self, lon: float, lat: float) -> None:
        """Mark a place where nothing is; an emergency may begin there."""
        self.found = x, y = tuple(to_plane([(lon, lat)])[0].tolist())
        self._desk.canvas.set_markers(FOUND, [1], [(x, y)], [0])
        self.pick(FOUND, 1)
        self._desk.canvas.centre_on(x, y, _NEAR)

    def drop(self) -> bool:
        """Nothing is picked any more; False if nothing was."""
        if self.picked is None:
            return False
        self.track.forget()
        self._mark(self.picked, False)
        self.picked = None
        self._desk.card.show_face(None)
        return True

    def refresh(self) -> None:
        """What is picked may be another; what is gone is let go."""
        if self.picked is None:
            return
        face = self._faces[self.picked.layer](self.picked.id)
        if face is None:
            self.drop()
        else:
            self._desk.card.show_face(face)

    def open(self) -> bool:
        """What Enter or a double click does with it; False if there is nothing to be done."""
        face = self._desk.card.face
        deed = next((deed for deed in face.deeds if deed.primary and not deed.why_not), None) if face else None
        if deed is not None:
            deed.do()
        return deed is not None

    def point(self) -> tuple[float, float] | None:
        """Where it is, on the plane; None if nothing is picked or it has no place."""
        return None if self.picked is None else self.where.point(self.picked)

    def _mark(self, picked: Picked | None, on: bool) -> None:
        if picked is None:
            return
        if picked.layer == CELL:
            self._desk.canvas.select_cells([picked.id] if on else [])
        elif picked.layer == FOUND and not on:
            self._desk.canvas.remove_markers(FOUND, [1])
        elif picked.layer == CASES:
            self._desk.listing.mark(picked.id if on else None)
        else:
            self._desk.canvas.select(picked.layer, [picked.id] if on else [])

    # ------------------------------------------------------------ faces
    def _case(self, number: int) -> Face | None:
        row = self._desk.cases.source.picture.rows.get(number)
        if row is None:
            return None
        words = self._place.words
        deeds = [Deed("打开案件", lambda: self._desk.case_wanted.emit(number), tip="回车，或双击", primary=True),
                 Deed("回放", lambda: self._desk.replay.show(arrival_of(row)), tip="看它受理时的情形（Ctrl+Shift+R）")]
        return Face(f"{words.number(row)} {words.title(row)}", case_facts(words, row), deeds, row, row.grid_id)

    def _cell(self, number: int) -> Face | None:
        key: Key = (GRID, number)
        area = self._desk.areas.area(key)
        if area is None:
            return None
        tally, names = self._desk.cases.tally, self._desk.areas
        path = " › ".join(names.short_name(one) for one in names.path(key)[:-1])
        deeds = [Deed(f"在办 {tally.count(key):,}", lambda: self._desk.listing.show_area(key), tip="列出本网格的案件")]
        deeds += [Deed(f"{word} {tally.count(key, kind):,}", lambda kind=kind: self._desk.listing.show_area(key, kind),
                       tip=f"列出本网格{word}的案件")
                  for kind, word in ((NEAR, "临期"), (OVERDUE, "超期")) if tally.count(key, kind)]
        if self._desk.focus != key:
            deeds.append(Deed("进入", lambda: self._desk.go_to(self._desk.areas.step(self._desk.focus, number)),
                              tip="进入下一级区域（双击）", primary=True))
        return Face(area.name, [path], deeds, grid_id=number)

    def _found(self, _number: int) -> Face | None:
        if self.found is None:
            return None
        lon, lat = to_lonlat([self.found])[0].tolist()
        return Face(f"{lon:.6f}, {lat:.6f}", ["输入的位置（WGS-84）"])

    def _camera(self, number: int) -> Face | None:
        camera = self._place.cameras.cameras.get(number)
        if camera is None:
            return None
        reason = "" if may_open(camera) else state_word(camera, False)
        deeds = [Deed("打开画面", lambda: self._desk.slot.watch(camera), reason, "也可拖到画面中", primary=True),
                 Deed("在视频屏打开", lambda: self._desk.camera_wanted.emit(camera), reason)]
        facts = camera_facts(self._place.words, camera, self._place.cameras.label(camera.category))
        return Face(camera.name, facts, deeds)

    def _worker(self, number: int) -> Face | None:
        worker = self._desk.book.workers.get(number)
        if worker is None or self._desk.replaying:
            return None
        shown = self.track.points is not None
        verb = "隐藏轨迹" if shown else "今日轨迹"
        deeds = [Deed(verb, lambda: self.track.toggle(number), primary=True)]
        facts = worker_facts(self._place.words, worker)
        if self.track.points is not None:
            facts.append(track_words(self._place.words, self.track.points))
        return Face(worker.name or "网格员", facts, deeds, grid_id=worker.grid_id)

    def _summons(self, number: int) -> Face | None:
        row = self._desk.joint.source.summons.get(number)
        if row is None:
            return None
        words = JointWords(self._place.words, self._place.joint.rules)
        verb = f"打开{KIND_LABELS.get(row.kind, '')}"
        deeds = [Deed(verb, lambda: self._desk.summons_wanted.emit(row), primary=True),
                 Deed("回放", lambda: self._desk.replay.show(issue_of(row)), tip="看它发出时的情形（Ctrl+Shift+R）")]
        if row.cases:
            cases = frozenset(row.cases)
            deeds.append(Deed(f"案件 {len(cases):,}", lambda: self._desk.listing.show_ids(f"{row.no} 的案件", cases)))
        now = self._desk.cases.source.clock.now()
        return Face(f"{words.number(row)} {words.title(row)}", summons_facts(words, row, now), deeds)

    # ------------------------------------------------------------ cameras near a case
    def watch_near(self, index: int) -> None:
        """Look through one of the cameras near the case."""
        near, face = self._desk.card.shown, self._desk.card.face
        if face is not None and index < len(near):
            self._desk.slot.watch(near[index].camera, face.near, near)

    def watch_nearest(self) -> None:
        """V: the nearest that may be seen; again: close."""
        if self._desk.slot.leave():
            return
        near = self._desk.card.shown
        index = next((at for at, one in enumerate(near) if not why_not(one.camera)), None)
        if index is not None:
            self.watch_near(index)
        elif self.picked is not None and self.picked.layer == CAMERAS:
            self.open()
        else:
            words = self._desk.card.finder.words or "请先在地图或列表中选择案件，或选择摄像机"
            self._place.notices.say("near", words, Tone.MUTED)

    def open_all_near(self) -> None:
        """All of them, large, elsewhere."""
        face = self._desk.card.face
        near = [one for one in self._desk.card.shown if not why_not(one.camera)]
        if face is not None and face.near is not None and near:
            self._desk.slot.leave()
            self._desk.cameras_wanted.emit(face.near, [(one.camera, one.metres) for one in near])

    def _on_slot(self) -> None:
        camera = self._desk.slot.camera
        self._desk.card.set_watching(None if camera is None else camera.id)
