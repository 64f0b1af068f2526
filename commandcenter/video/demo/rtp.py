"""RTP (RFC 3550) of one listener: headers, counters and the sender's reports."""

from __future__ import annotations

import random
import struct
import time
from collections.abc import Sequence

from commandcenter.video.demo.reel import Unit

PAYLOAD_TYPE = 96
_NTP_1970 = 2_208_988_800  # seconds from 1900
_VERSION, _MARK = 0x80, 0x80
_SENDER_REPORT, _DESCRIPTION, _CNAME = 200, 202, 1
_NAME = b"camera"
_WRONG = bytes(octet ^ 0x5A for octet in range(256))


class RtpCounter:
    """Numbers the packets of one listener; everything random is chosen once, as the standard asks."""

    def __init__(self) -> None:
        self._source, self._base = random.getrandbits(32), random.getrandbits(32)
        self.sequence = random.getrandbits(16)
        self._packets = self._octets = 0

    def time_of(self, ticks: int) -> int:
        """The RTP time of a moment of the clip."""
        return (self._base + ticks) & 0xFFFFFFFF

    def packets(self, payloads: Sequence[bytes], ticks: int) -> list[bytes]:
        """The packets of one picture; its last carries the mark."""
        found = []
        for left, payload in zip(reversed(range(len(payloads))), payloads, strict=True):
            mark = 0 if left else _MARK
            kind = mark | PAYLOAD_TYPE
            head = struct.pack(">BBHII", _VERSION, kind, self.sequence, self.time_of(ticks), self._source)
            found.append(head + payload)
            self.sequence = (self.sequence + 1) & 0xFFFF
            self._octets += len(payload)
        self._packets += len(payloads)
        return found

    def report(self, ticks: int) -> bytes:
        """A sender's report for the picture shown now, and who sends."""
        seconds, fraction = divmod(time.time() + _NTP_1970, 1)
        said = struct.pack(
            ">BBHIIIIII", _VERSION, _SENDER_REPORT, 6, self._source, int(seconds), int(fraction * 2**32),
            self.time_of(ticks), self._packets & 0xFFFFFFFF, self._octets & 0xFFFFFFFF,
        )  # fmt: skip
        item = bytes([_CNAME, len(_NAME)]) + _NAME
        item += bytes(4 - len(item) % 4)  # at least one zero ends the list
        words = 1 + len(item) // 4
        return said + struct.pack(">BBHI", _VERSION | 1, _DESCRIPTION, words, self._source) + item


def corrupted(unit: Unit) -> list[bytes]:
    """The picture as a failing line would bring it: every payload's body wrong, its head as it was."""
    return [payload[:3] + payload[3:].translate(_WRONG) for payload in unit.payloads]
