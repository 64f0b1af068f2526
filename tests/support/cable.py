"""A network of two ends on this machine, whose packets can be made to vanish: a namespace and a pair of interfaces."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys


class NoCable(Exception):
    """This machine or user cannot make one; the message says why."""


class Cable:
    """`near` is this end's address; programs started with `far` before their words live at the other end."""

    def __init__(self) -> None:
        if sys.platform != "linux" or os.geteuid() != 0:
            raise NoCable("only root can make a network namespace")
        if shutil.which("ip") is None:
            raise NoCable("the program ip (package iproute2) is missing")
        number = os.getpid()
        self._name, self._here, self._there = f"cc-{number}", f"cch{number % 10**6}", f"cct{number % 10**6}"
        net = f"10.213.{number % 250}"
        self.near, self._far_address = f"{net}.1", f"{net}.2"
        self.far = ("ip", "netns", "exec", self._name)

    def __enter__(self) -> Cable:
        try:
            self._lay()
        except NoCable:
            self._remove()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._remove()

    def swallow(self) -> None:
        """What this end sends arrives nowhere, and nobody is told: the frames go to an address that is not there.
        What the other end sends still arrives here, so that a command may be done whose answer is lost."""
        _ip("neigh", "replace", self._far_address, "lladdr", "02:00:00:00:00:01", "dev", self._here, "nud", "permanent")

    def mend(self) -> None:
        """Packets arrive again."""
        _ip("neigh", "del", self._far_address, "dev", self._here)

    def _lay(self) -> None:
        _ip("netns", "add", self._name)
        _ip("link", "add", self._here, "type", "veth", "peer", "name", self._there, "netns", self._name)
        for where, device, address in (((), self._here, self.near), (self.far, self._there, self._far_address)):
            _ip("addr", "add", f"{address}/30", "dev", device, at=where)
            _ip("link", "set", device, "up", at=where)
        _ip("link", "set", "lo", "up", at=self.far)

    def _remove(self) -> None:
        for words in (("link", "del", self._here), ("netns", "del", self._name)):
            subprocess.run(["ip", *words], capture_output=True, check=False)


def _ip(*words: str, at: tuple[str, ...] = ()) -> None:
    done = subprocess.run([*at, "ip", *words], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise NoCable(f"ip {' '.join(words)}: {done.stderr.strip()}")
