"""The command line's verbs for cameras: show one, let a group take turns, see who looked, the wall."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol

from commandcenter.domain.video import Camera, CameraGroup
from ui.models.camera_columns import found, state_word
from ui.screens.video.screen import VideoScreen
from ui.screens.workplace import Workplace
from widgets.command_line import Suggestion

Told = tuple[str, str, Callable[[list[str]], None], str]
_SHOWN = 8
_VIDEO, _ROTATE, _WALL = "视频", "轮巡", "大屏"


class Stage(Protocol):
    """What these verbs may do to the window."""

    def video_screen(self) -> VideoScreen:
        """Show 视频."""

    def open_wall(self, group: CameraGroup | None = None) -> None:
        """Put this group, else what 视频 shows, on the wall."""

    def open_hall(self) -> None:
        """一屏观天下 with all its scenes."""

    def close_wall(self) -> bool:
        """False when it was not open."""


class VideoVerbs:
    """Raises `error` (the command line's VerbError) for what cannot be done."""

    def __init__(self, place: Workplace, stage: Stage, error: Callable[[str], Exception]) -> None:
        self._book, self._place, self._stage, self._error = place.cameras, place, stage, error

    def everywhere(self) -> Iterable[Told]:
        """(word, meaning, deed, example) on every screen."""
        yield _VIDEO, "视频 摄像机名称：打开这一路；不写则看视频台", self._show, f"{_VIDEO} "
        yield _ROTATE, "轮巡 组名；不写则接着上次选的", self._rotate, f"{_ROTATE} "
        yield "停止轮巡", "画面停在现在这一页", lambda _: self._stop(), ""
        yield "查看记录", "谁看过哪一路：查看记录 摄像机；不写则看全部", self._viewings, "查看记录 "
        yield _WALL, "大屏：把一屏观天下投到显示器；大屏 轮巡组：只投这组视频", self._wall, f"{_WALL} "
        yield "关闭大屏", "收起投到显示器的画面", lambda _: self._close_wall(), ""

    def complete(self, text: str) -> list[Suggestion]:
        """Cameras or groups after their verbs."""
        head, _, rest = text.partition(" ")
        if " " not in text or head not in (_VIDEO, _ROTATE, _WALL, "查看记录"):
            return []
        self._book.want()
        if head in (_ROTATE, _WALL):
            groups = [group for group in self._book.groups if rest.strip() in group.name]
            return [Suggestion(f"{head} {g.name}", f"{head} {g.name}", f"{len(g.cameras)} 路 · {g.dwell_s} 秒")
                    for g in groups[:_SHOWN]]
        return [Suggestion(f"{head} {c.name}", f"{head} {c.name}", self._hint(c))
                for c in self._found(rest, _SHOWN)] if rest.strip() else []

    # ------------------------------------------------------------ the verbs
    def _show(self, words: list[str]) -> None:
        camera = self._camera(words) if words else None
        screen = self._stage.video_screen()
        if camera is not None:
            screen.show_camera(camera)

    def _rotate(self, words: list[str]) -> None:
        group = self._group(words)
        screen = self._stage.video_screen()
        if group is not None:
            screen.rotate(group.id)
        elif screen.rotation.group is None:
            screen.toggle_rotation()

    def _stop(self) -> None:
        screen = self._stage.video_screen()
        if screen.rotation.group is None:
            raise self._error("现在没有轮巡；例：轮巡 重点路口")
        screen.rotation.stop()

    def _viewings(self, words: list[str]) -> None:
        camera = self._camera(words) if words else None
        self._stage.video_screen().show_viewings(camera)

    def _wall(self, words: list[str]) -> None:
        if words:
            self._stage.open_wall(self._group(words))
        else:
            self._stage.open_hall()

    def _close_wall(self) -> None:
        if not self._stage.close_wall():
            raise self._error("大屏没有打开；例：大屏 重点路口")

    # ------------------------------------------------------------ finding
    def _camera(self, words: list[str]) -> Camera:
        typed = " ".join(words)
        self._need_list()
        cameras = self._found(typed, _SHOWN)
        if not cameras:
            raise self._error(f"您的范围内没有摄像机“{typed}”")
        if len(cameras) > 1 and cameras[0].name != typed:
            names = "、".join(camera.name for camera in cameras[:4])
            raise self._error(f"“{typed}”可能是 {names}{' 等' if len(cameras) > 4 else ''}，请写全或从提示中选")
        return cameras[0]

    def _group(self, words: list[str]) -> CameraGroup | None:
        if not words:
            return None
        typed = " ".join(words)
        self._need_list()
        fitting = [group for group in self._book.groups if typed in group.name]
        exact = [group for group in fitting if group.name == typed]
        if len(exact or fitting) != 1:
            names = "、".join(group.name for group in fitting or self._book.groups)
            raise self._error(f"“{typed}”可能是 {names}" if fitting else f"没有轮巡组“{typed}”；有 {names or '零个'}")
        return (exact or fitting)[0]

    def _need_list(self) -> None:
        """Nobody has looked at cameras yet: they are being read."""
        if not self._book.ready:
            self._book.want()
            raise self._error("正在读取摄像机，请稍后再按一次回车")

    def _found(self, typed: str, at_most: int) -> list[Camera]:
        return found(self._book.cameras.values(), typed, self._street, at_most)

    def _street(self, org_id: int) -> str:
        org = self._place.backend.directory.orgs.get(org_id)
        return "" if org is None else org.short_name

    def _hint(self, camera: Camera) -> str:
        return " · ".join(part for part in (self._book.label(camera.category), camera.place, state_word(camera, False))
                          if part)
