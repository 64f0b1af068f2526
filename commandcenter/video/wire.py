"""What goes between a slot and its decoder: JSON lines both ways, and bytes after the line of a shot.

To the decoder, over its stdin: play, stop, view, snapshot, clip. Each is answered with `heard`, and the slot sends the
next only then, so that a pipe never fills. From the decoder: alive, heard, report, frame, shot. The address of a stream
travels here alone: command lines and environments can be read by others.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any, BinaryIO

from commandcenter.domain.video import StreamAddress, StreamReport
from commandcenter.video.frames import Shot

Message = dict[str, Any]


@dataclass(frozen=True, slots=True)
class View:
    """How a slot shows: pixels of the device, and whether anybody sees it."""

    size: tuple[int, int]
    visible: bool = True


def write(stream: BinaryIO, message: Message, content: bytes = b"") -> None:
    """One message, all of it. Raises OSError when the other side is gone."""
    stream.write(json.dumps(message, separators=(",", ":")).encode() + b"\n" + content)
    stream.flush()


def read(stream: BinaryIO) -> Message | None:
    """The next message; None when the other side is gone. Raises ValueError for what is none."""
    line = stream.readline()
    if not line.endswith(b"\n"):
        return None
    message = json.loads(line)
    if not isinstance(message, dict):
        raise ValueError("a message is an object")
    return message


def play(generation: int, address: StreamAddress, hardware: bool) -> Message:
    """Play this. generation: rises with every play and stop, so that what belongs to an earlier one is known."""
    return {"do": "play", "generation": generation, "address": asdict(address), "hardware": hardware}


def address_of(message: Message) -> StreamAddress:
    """The address in a message of play()."""
    return StreamAddress(**message["address"])


def stop(generation: int) -> Message:
    return {"do": "stop", "generation": generation}


def view(shown: View, buffers: Message | None) -> Message:
    """Show so from now on; buffers: id, name and capacity of new shared memory, None to stay with what is there."""
    return {"do": "view", "size": shown.size, "visible": shown.visible, "buffers": buffers}


def view_of(message: Message) -> View:
    width, height = message["size"]
    return View((int(width), int(height)), bool(message["visible"]))


def report(generation: int, said: StreamReport) -> Message:
    return {"say": "report", "generation": generation, "report": asdict(said)}


def report_of(message: Message) -> StreamReport:
    fields = dict(message["report"])
    width, height = fields.pop("size")
    return StreamReport(size=(int(width), int(height)), **fields)


def shot(number: int, taken: Shot | None) -> tuple[Message, bytes]:
    """A shot asked for under this number; its content follows the line."""
    if taken is None:
        return {"say": "shot", "number": number, "length": 0}, b""
    facts = {"mime": taken.mime, "taken_at": taken.taken_at, "taken_until": taken.taken_until, "words": taken.words}
    return {"say": "shot", "number": number, "length": len(taken.content), **facts}, taken.content


def shot_of(message: Message, content: bytes) -> Shot | None:
    if not content:
        return None
    return Shot(content, message["mime"], message["taken_at"], message["taken_until"], message["words"])
