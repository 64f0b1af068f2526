"""Redraws the sample files of a profile: ``python -m commandcenter.profiles.sketch NAME``."""

from __future__ import annotations

import sys

from commandcenter.profiles.reader import RESOURCES
from commandcenter.profiles.sketch.files import redraw

if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m commandcenter.profiles.sketch NAME")
    for written in redraw(sys.argv[1], RESOURCES):
        sys.stdout.write(f"{written}\n")
