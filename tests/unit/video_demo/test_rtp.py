"""Cutting pictures into packets, seen from who puts them together again."""

import struct

import pytest

from commandcenter.video.demo.reel import CLOCK_HZ, Reel, load_reel
from commandcenter.video.demo.rtp import RtpCounter


@pytest.fixture(scope="module")
def reel(clips) -> Reel:
    return load_reel(clips / "h264/main.mp4")


def _joined_h264(payloads: tuple[bytes, ...]) -> list[bytes]:
    """RFC 6184, 5.8, the other way round."""
    nals: list[bytes] = []
    for payload in payloads:
        if payload[0] & 31 != 28:
            nals.append(payload)
        elif payload[1] & 0x80:
            nals.append(bytes([payload[0] & 0xE0 | payload[1] & 31]) + payload[2:])
        else:
            nals[-1] += payload[2:]
    return nals


def test_fragments_make_the_same_picture_again(clips, reel):
    raw = (clips / "h264/main.mp4").read_bytes()
    for unit in reel.units:
        for nal in _joined_h264(unit.payloads):
            if nal[0] & 31 in (1, 5):  # in mp4 pictures stand as they are, parameter sets elsewhere
                assert nal in raw


def test_no_payload_is_longer_than_a_packet_of_ethernet_bears(reel):
    assert max(len(payload) for unit in reel.units for payload in unit.payloads) <= 1400
    assert any(len(unit.payloads) > 3 for unit in reel.units)


def test_an_hour_of_loops_has_pictures_at_even_distances(reel):
    times = [reel.ticks_of(index) for index in range(25 * 3600)]
    assert {late - early for early, late in zip(times, times[1:], strict=False)} == {CLOCK_HZ // 25}


def test_one_begins_at_the_last_key_picture_in_later_rounds_too(reel):
    assert reel.key_before(2 * len(reel.units) + 15) == 2 * len(reel.units) + 12


def test_only_the_last_packet_of_a_picture_is_marked_and_numbers_go_on():
    counter = RtpCounter()
    counter.sequence = 0xFFFF
    packets = counter.packets([b"a", b"b", b"c"], 3600)
    heads = [struct.unpack(">BBHI", packet[:8]) for packet in packets]
    assert [head[1] >> 7 for head in heads] == [0, 0, 1]
    assert [head[2] for head in heads] == [0xFFFF, 0, 1]
    assert {head[3] for head in heads} == {counter.time_of(3600)}


def test_a_report_counts_what_was_sent():
    counter = RtpCounter()
    counter.packets([b"abc", b"de"], 0)
    report = counter.report(7200)
    *_, rtp_time, packets, octets = struct.unpack(">BBHIIIIII", report[:28])
    assert (rtp_time, packets, octets) == (counter.time_of(7200), 2, 5)
    length = struct.unpack(">H", report[30:32])[0]
    assert len(report) == 28 + 4 * (length + 1)


def test_what_is_neither_h264_nor_h265_is_refused(clips):
    with pytest.raises(ValueError, match="neither"):
        load_reel(clips / "mjpeg/main.mp4")
