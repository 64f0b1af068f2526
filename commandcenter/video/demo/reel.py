"""A recorded clip taken apart into what RTP carries: its access units, each cut into payloads, and their times."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Protocol

import av

CLOCK_HZ = 90_000  # of RTP, for every kind of video
_PAYLOAD = 1400  # octets: with all headers below the 1,500 of Ethernet


@dataclass(frozen=True, slots=True)
class Unit:
    """One picture. ticks: when it is shown, from the clip's beginning. key: whether decoding may begin here."""

    payloads: tuple[bytes, ...]
    ticks: int
    key: bool


@dataclass(frozen=True, slots=True)
class Reel:
    """A clip that can be played over and over. format: the lines of SDP that describe it."""

    units: tuple[Unit, ...]
    fps: Fraction
    format: tuple[str, ...]

    @property
    def ticks(self) -> int:
        """How long one round takes."""
        return round(len(self.units) / self.fps * CLOCK_HZ)

    def ticks_of(self, index: int) -> int:
        """When the picture is shown, over all rounds."""
        rounds, at = divmod(index, len(self.units))
        return rounds * self.ticks + self.units[at].ticks

    def key_before(self, index: int) -> int:
        """The last picture up to this one at which decoding may begin."""
        while not self.units[index % len(self.units)].key:
            index -= 1
        return index


class _Codec(Protocol):
    """How one kind of video is packed."""

    bitstream_filter: str

    def kind(self, nal: bytes) -> int: ...
    def payloads(self, nal: bytes) -> Iterator[bytes]: ...
    def format(self, sets: dict[int, bytes]) -> tuple[str, str]: ...

    KEYS: frozenset[int]


def _cut(head: bytes, kind: int, body: bytes) -> Iterator[bytes]:
    """Fragmentation units: FU-A of RFC 6184 (5.8), FU of RFC 7798 (4.4.3)."""
    step = _PAYLOAD - len(head) - 1
    for begin in range(0, len(body), step):
        first, last = begin == 0, begin + step >= len(body)
        yield head + bytes([first << 7 | last << 6 | kind]) + body[begin : begin + step]


def _text(octets: bytes) -> str:
    return base64.b64encode(octets).decode()


class _H264:
    """RFC 6184, packetization-mode 1."""

    bitstream_filter = "h264_mp4toannexb"
    KEYS = frozenset({5})
    _SPS, _PPS, _FU_A = 7, 8, 28

    def kind(self, nal: bytes) -> int:
        return nal[0] & 31

    def payloads(self, nal: bytes) -> Iterator[bytes]:
        if len(nal) <= _PAYLOAD:
            return iter((nal,))
        return _cut(bytes([nal[0] & 0xE0 | self._FU_A]), self.kind(nal), nal[1:])

    def format(self, sets: dict[int, bytes]) -> tuple[str, str]:
        sps, pps = sets[self._SPS], sets[self._PPS]
        known = f"packetization-mode=1;profile-level-id={sps[1:4].hex()};sprop-parameter-sets={_text(sps)},{_text(pps)}"
        return f"a=rtpmap:96 H264/{CLOCK_HZ}", f"a=fmtp:96 {known}"


class _H265:
    """RFC 7798, without decoding order numbers."""

    bitstream_filter = "hevc_mp4toannexb"
    KEYS = frozenset(range(16, 22))  # random access points
    _VPS, _SPS, _PPS, _FU = 32, 33, 34, 49

    def kind(self, nal: bytes) -> int:
        return nal[0] >> 1 & 63

    def payloads(self, nal: bytes) -> Iterator[bytes]:
        if len(nal) <= _PAYLOAD:
            return iter((nal,))
        return _cut(bytes([nal[0] & 0x81 | self._FU << 1, nal[1]]), self.kind(nal), nal[2:])

    def format(self, sets: dict[int, bytes]) -> tuple[str, str]:
        names = (("vps", self._VPS), ("sps", self._SPS), ("pps", self._PPS))
        known = ";".join(f"sprop-{name}={_text(sets[kind])}" for name, kind in names)
        return f"a=rtpmap:96 H265/{CLOCK_HZ}", f"a=fmtp:96 {known}"


_CODECS: dict[str, _Codec] = {"h264": _H264(), "hevc": _H265()}


def _nals(octets: bytes) -> list[bytes]:
    """What stands between start codes; emulation prevention keeps them out of the NAL units themselves."""
    return [part for part in octets.replace(b"\0\0\0\1", b"\0\0\1").split(b"\0\0\1") if part]


def load_reel(file: Path) -> Reel:
    """Read a whole H.264 or H.265 file (mp4, mkv, …). Raises av.FFmpegError, ValueError when it is neither."""
    with av.open(str(file)) as container:
        stream = container.streams.video[0]
        codec = _CODECS.get(stream.codec_context.name)
        if codec is None or stream.average_rate is None or stream.time_base is None:
            raise ValueError(f"{file.name}: neither H.264 nor H.265")
        annex_b = av.BitStreamFilterContext(codec.bitstream_filter, stream)
        second = stream.time_base * CLOCK_HZ
        units: list[Unit] = []
        sets: dict[int, bytes] = {}
        began: int | None = None
        for packet in container.demux(stream):
            for whole in annex_b.filter(packet if packet.dts is not None else None):
                began = whole.dts if began is None else began
                nals = _nals(bytes(whole))
                kinds = [codec.kind(nal) for nal in nals]
                sets |= dict(zip(kinds, nals, strict=True))
                cut = tuple(payload for nal in nals for payload in codec.payloads(nal))
                ticks = round(((whole.pts or 0) - (began or 0)) * second)
                units.append(Unit(cut, ticks, bool(codec.KEYS.intersection(kinds))))
        if not any(unit.key for unit in units):
            raise ValueError(f"{file.name}: no picture to begin with")
        return Reel(tuple(units), stream.average_rate, codec.format(sets))
