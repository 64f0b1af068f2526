"""What one slot plays, kept playing: a player at a time, begun anew with back-off, and a report of every change.

All of it runs on the worker's own thread: commands and `tick()` come one after another.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from commandcenter.domain.video import CONNECTING, FORBIDDEN, IDLE, LIVE, UNSUPPORTED, StreamAddress, StreamReport
from commandcenter.video.back_off import STREAM_STEPS_S, BackOff
from commandcenter.video.faults import Fault
from commandcenter.video.player import Player
from commandcenter.video.recorder import Recorder
from commandcenter.video.screen import Screen
from commandcenter.video.signs import Signs
from commandcenter.video.states import Said, hung, judged
from commandcenter.video.wire import View

HIDDEN_S = 20.0
HOPELESS_S = 30.0
WELL_S = 2.0  # live for so long, the next loss counts as the first
REPORT_S = 1.0
MOST_LEFT = 16  # players that were left and still wait in libav, most for 3 s
NOTHING = Signs(0.0)


class Hung(Exception):
    """The decoder does not come back; the process has to end."""


class Channel:
    """report: every change, and once a second while it is live. wake: called by players, on their threads."""

    def __init__(self, screen: Screen, report: Callable[[StreamReport], None], wake: Callable[[], None]) -> None:
        self._screen = screen
        self._report = report
        self._wake = wake
        self._address: StreamAddress | None = None
        self._hardware = False
        self._player: Player | None = None
        self._earlier = _nothing()  # of the connection before, until the present one has something
        self._left: list[Player] = []
        self._back_off = BackOff(STREAM_STEPS_S)
        self._try_at = 0.0
        self._hidden_at: float | None = 0.0
        self._shown_at: float | None = None
        self._said: Said = (IDLE, "")
        self._since = time.time()
        self._began = 0.0  # of the state, monotonic
        self._reported_at = 0.0
        self._played = False  # since play(): whether it ever was live or failed

    def play(self, address: StreamAddress | None, hardware: bool) -> None:
        """This instead of what was played; None: nothing."""
        self._leave()
        self._earlier = _nothing()
        self._address, self._hardware = address, hardware
        self._back_off.reset()
        self._try_at, self._played = 0.0, False
        self._say((IDLE, "") if address is None else (CONNECTING, ""), anew=True)
        self.tick()

    def look(self, view: View) -> None:
        """The slot has another size, or is hidden, or shown again."""
        if view.visible != self._screen.view.visible:
            now = time.monotonic()
            self._shown_at, self._hidden_at = (now, None) if view.visible else (None, now)
            self._try_at = 0.0
        self._screen.view = view
        self.tick()

    def tick(self) -> None:
        """Look how it goes. Raises Hung."""
        now = time.monotonic()
        self._forget_left(now)
        if self._address is None:
            return
        if self._asleep(now):
            self._sleep()
        elif self._player is None and now >= self._try_at:
            self._begin(self._address)
        if self._player is not None:
            self._judge(self._player, now)
        if self._said[0] == LIVE and now - self._reported_at >= REPORT_S:
            self._send()

    def recorder(self) -> Recorder:
        """Where a clip comes from: the connection, or the one before while this has nothing yet."""
        player = self._player
        if player is None or (self._earlier.filled and not player.recorder.filled):
            return self._earlier
        return player.recorder

    def player(self) -> Player | None:
        return self._player

    def close(self, within_s: float) -> None:
        """Let the cameras know; those that do not listen are left."""
        self._leave()
        until = time.monotonic() + within_s
        for player in self._left:
            player.ended(max(0.0, until - time.monotonic()))

    def _judge(self, player: Player, now: float) -> None:
        if hung(player.signs, now):
            raise Hung
        found = judged(player.signs, now, self._shown_at)
        if isinstance(found, Fault):
            self._fail(found, now)
            return
        if found[0] == LIVE and self._said[0] == LIVE and now - self._began > WELL_S:
            self._back_off.reset()
        if found[0] == CONNECTING and self._played:
            return  # lost, forbidden or unsupported until it plays again
        self._played = self._played or found[0] == LIVE
        self._say(found)

    def _fail(self, fault: Fault, now: float) -> None:
        self._leave()
        hopeless = fault.state in (FORBIDDEN, UNSUPPORTED)
        self._try_at = now + (HOPELESS_S if hopeless else self._back_off.wait_s())
        self._played = True
        self._say((fault.state, fault.words))

    def _begin(self, address: StreamAddress) -> None:
        self._player = Player(address, self._screen, self._hardware, self._wake)
        self._screen.belongs_to(self._player)
        self._player.start()

    def _leave(self) -> None:
        if self._player is None:
            return
        if self._player.recorder.filled:
            self._earlier = self._player.recorder
        self._player.leave()
        self._player.recorder.end()
        self._left.append(self._player)
        self._player = None
        self._screen.belongs_to(None)

    def _forget_left(self, now: float) -> None:
        self._left = [player for player in self._left if not player.ended()]
        if len(self._left) > MOST_LEFT or any(hung(player.signs, now) for player in self._left):
            raise Hung

    def _asleep(self, now: float) -> bool:
        return self._hidden_at is not None and now - self._hidden_at >= HIDDEN_S and not self.recorder().busy

    def _sleep(self) -> None:
        if self._said[0] == IDLE:
            return
        self._leave()
        self._earlier = _nothing()
        self._played = False
        self._say((IDLE, "未显示，已断开"))

    def _say(self, said: Said, anew: bool = False) -> None:
        if said == self._said and not anew:
            return
        if said[0] != self._said[0] or anew:
            self._since, self._began = time.time(), time.monotonic()
        self._said = said
        self._send()

    def _send(self) -> None:
        now = self._reported_at = time.monotonic()
        state, words = self._said
        signs = NOTHING if self._player is None else self._player.signs
        rate = signs.rate(now) if state == LIVE else 0.0
        delay = signs.delay_s if state == LIVE else 0.0
        facts = (signs.codec, signs.size, signs.dropped, signs.hardware)
        self._report(StreamReport(state, self._since, words, round(rate, 1), round(delay, 3), *facts))




def _nothing() -> Recorder:
    """For who asks for a clip while nothing is played."""
    recorder = Recorder()
    recorder.end()
    return recorder
