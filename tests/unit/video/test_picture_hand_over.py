"""A picture is drawn into a buffer that nobody looks at, at the size shown, and only if it will be seen."""

import av
import pytest

from commandcenter.video.buffers import COUNT, Buffers, capacity_of, make
from commandcenter.video.screen import MOST_ENLARGED, Screen, fitted
from commandcenter.video.wire import View

SIZE = (64, 36)


def picture(level: int, size: tuple[int, int] = SIZE) -> av.VideoFrame:
    frame = av.VideoFrame(*size, "bgra")
    frame.planes[0].update(bytes([level]) * frame.planes[0].buffer_size)
    return frame


class Parent:
    """The slot's side, taking pictures when told to."""

    def __init__(self) -> None:
        self.told: list[tuple[int, int, int, int, int]] = []
        self.screen = Screen(lambda *what: self.told.append(what))
        self.buffers: Buffers = make(capacity_of(SIZE))
        self.screen.attach(1, self.buffers.name, self.buffers.capacity)
        self.screen.view = View(SIZE)
        self.player = object()
        self.screen.belongs_to(self.player)

    def put(self, level: int) -> bool:
        return self.screen.put(self.player, picture(level), SIZE)

    def take(self) -> int:
        """The serial of the newest."""
        self.buffers.held = self.told[-1][1]
        return self.buffers.held

    def level(self, serial: int) -> int:
        return self.buffers.of(serial)[100]


@pytest.fixture
def parent() -> Parent:
    return Parent()


def test_a_picture_is_told_once_and_the_next_only_when_it_was_taken(parent: Parent) -> None:
    assert parent.put(10)
    assert not parent.put(20), "nobody took the first"
    assert len(parent.told) == 1
    parent.take()
    assert parent.put(30)
    assert parent.level(parent.told[-1][1]) == 30


def test_the_buffer_that_is_looked_at_is_never_written(parent: Parent) -> None:
    parent.put(1)
    for level in range(2, 60):
        held = parent.take()
        before = parent.level(held)
        assert parent.put(level)
        assert parent.told[-1][1] % COUNT != held % COUNT
        assert parent.level(held) == before


def test_with_a_new_stream_what_was_not_taken_is_void(parent: Parent) -> None:
    parent.put(1)
    parent.take()
    held = parent.buffers.held
    parent.put(2)
    newcomer = object()
    parent.screen.belongs_to(newcomer)
    assert not parent.put(3), "the player before is refused"
    assert parent.screen.put(newcomer, picture(4), SIZE)
    assert parent.told[-1][1] % COUNT != held % COUNT
    assert parent.level(held) == 1


def test_streams_that_change_faster_than_pictures_are_taken_spare_what_is_looked_at(parent: Parent) -> None:
    parent.put(1)
    held = parent.take()
    for level in range(2, 9):
        newcomer = object()
        parent.screen.belongs_to(newcomer)
        assert parent.screen.put(newcomer, picture(level), SIZE)
        assert parent.level(held) == 1
        assert parent.level(parent.told[-1][1]) == level


def test_a_hidden_slot_wants_no_picture(parent: Parent) -> None:
    parent.screen.view = View(SIZE, visible=False)
    assert not parent.screen.wants
    assert not parent.put(1)


def test_a_picture_too_large_for_the_memory_is_left_out(parent: Parent) -> None:
    parent.screen.view = View((640, 360))
    assert not parent.put(1)
    larger = make(capacity_of((640, 360)))
    parent.screen.attach(2, larger.name, larger.capacity)
    assert parent.put(1)
    assert parent.told[-1][0] == 2
    assert parent.told[-1][2:4] == (640, 360)


@pytest.mark.parametrize(
    ("shape", "room", "size"),
    [
        ((1280, 720), (426, 240), (426, 240)),
        ((1280, 720), (500, 500), (500, 281)),
        ((1280, 720), (1920, 1080), (1920, 1080)),
        ((640, 480), (1920, 1080), (1440, 1080)),
        ((10_000, 10), (100, 100), (100, 1)),
        ((3840, 2160), (3840, 2160), (3840, 2160)),
    ],
)
def test_a_picture_is_as_large_as_its_shape_allows(
    shape: tuple[int, int], room: tuple[int, int], size: tuple[int, int]
) -> None:
    assert fitted(shape, room) == size


def test_a_small_stream_is_not_enlarged_to_4k() -> None:
    width, height = fitted((1280, 720), (3840, 2160))
    assert width * height <= MOST_ENLARGED * 1.01
    assert width / height == pytest.approx(16 / 9, abs=0.01)


def test_hd_without_a_word_on_its_colours_is_taken_as_bt709(parent: Parent) -> None:
    """A pure green differs by a shade between the two; cameras of HD mean the newer one."""
    levels = {}
    for size in ((1280, 720), (640, 360)):
        frame = av.VideoFrame(*size, "yuv420p")
        for plane, level in zip(frame.planes, (173, 42, 26), strict=True):
            plane.update(bytes([level]) * plane.buffer_size)
        assert parent.screen.put(parent.player, frame, size)
        buffer = parent.buffers.of(parent.take())
        levels[size] = tuple(buffer[2000:2003])
    (blue, _, red), (old_blue, _, old_red) = levels[1280, 720], levels[640, 360]
    assert max(blue, red) < 6
    assert (old_blue, old_red) != (blue, red)
