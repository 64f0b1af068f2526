"""提示音 made by the program itself: three short tunes at three strengths, as WAV files in the program's home."""

from __future__ import annotations

import math
import struct
import wave
from itertools import pairwise
from pathlib import Path

RATE = 16_000  # samples a second, 16 bits, one channel
TUNES = {"chime": "风铃", "bell": "铃声", "knock": "敲击"}
VOLUMES = {"low": "低", "middle": "中", "high": "高"}
_STRENGTH = {"low": 0.12, "middle": 0.35, "high": 0.9}  # of the loudest there is
# Notes as (seconds from the start, Hz, how fast it fades a second).
_NOTES: dict[str, tuple[tuple[float, float, float], ...]] = {
    "chime": ((0.0, 1046.5, 9.0), (0.14, 1318.5, 9.0), (0.28, 1568.0, 6.0)),
    "bell": ((0.0, 880.0, 5.0), (0.0, 1761.0, 8.0), (0.32, 880.0, 5.0), (0.32, 1761.0, 8.0)),
    "knock": ((0.0, 220.0, 40.0), (0.12, 220.0, 40.0), (0.36, 220.0, 40.0)),
}
_LENGTH_S = 0.75


def tune_file(folder: Path, tune: str, volume: str) -> Path:
    """The WAV file of this tune; written once."""
    path = folder / f"{tune}-{volume}.wav"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = path.with_suffix(".new")
        with wave.open(str(fresh), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(_samples(tune, _STRENGTH[volume]))
        fresh.replace(path)
    return path


def _samples(tune: str, strength: float) -> bytes:
    """Notes added up, the loudest moment brought to `strength`, the end faded out."""
    count = round(_LENGTH_S * RATE)
    sound = [0.0] * count
    for start, hertz, fading in _NOTES[tune]:
        first, turn = round(start * RATE), 2 * math.pi * hertz / RATE
        for n in range(first, count):
            sound[n] += math.sin(turn * (n - first)) * math.exp(-fading * (n - first) / RATE)
    tail = count // 10
    for n in range(tail):
        sound[count - 1 - n] *= n / tail
    loudest = max(abs(a) for a, _ in pairwise(sound))
    return struct.pack(f"<{count}h", *(round(value / loudest * strength * 32_767) for value in sound))
