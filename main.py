"""The command center's entry: the only place that knows both the screens and the database."""

from __future__ import annotations

import getpass
import json
import logging
import os
import signal
import sys
import threading
from argparse import Namespace
from importlib import import_module

from commandcenter.command_line import parser
from commandcenter.domain.errors import DomainError
from commandcenter.profiles.errors import ProfileError
from db.cli.answer import Answer
from db.cli.station import Station
from db.server_error import ServerError


def _password() -> str:
    """A new password: typed twice at a terminal, or the first line of standard input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass("新密码：")
    if first != getpass.getpass("再输一次："):
        raise DomainError("两次输入的密码不一致")
    return first


def _until_signal() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    return stop


# Each word is a function of db.cli and the arguments it takes; its module is loaded only when it is called.
WORDS: dict[tuple[str, str | None], tuple[str, tuple[str, ...]]] = {
    ("db", "start"): ("server_words.start", ()),
    ("db", "stop"): ("server_words.stop", ()),
    ("db", "status"): ("server_words.status", ()),
    ("db", "url"): ("server_words.url", ()),
    ("db", "upgrade"): ("server_words.upgrade", ()),
    ("db", "backup"): ("server_words.save", ("file",)),
    ("db", "restore"): ("server_words.bring_back", ("file",)),
    ("profile", "list"): ("profile_words.names", ()),
    ("profile", "load"): ("profile_words.load", ("name",)),
    ("profile", "check"): ("profile_words.check", ("name",)),
    ("user", "add"): ("people_words.add", ("login", "name", "duty", "password")),
    ("user", "list"): ("people_words.everybody", ()),
    ("user", "disable"): ("people_words.disable", ("login",)),
    ("user", "password"): ("people_words.password", ("login", "password")),
    ("audit", "verify"): ("audit_words.verify", ()),
    ("audit", "head"): ("audit_words.head", ()),
    ("simulate", None): (
        "simulate_words.simulate",
        ("profile", "speed", "minutes", "rate", "seed", "leave", "history", "stop"),
    ),
    ("duty", None): ("audit_words.duty", ("once", "stop")),
    ("import", "cases"): ("import_words.cases", ("file", "mapping", "dry_run", "user")),
    ("import", "catalogue"): ("import_words.catalogue", ("file", "dry_run")),
}
# What a word needs beside its arguments.
ASKED = {"password": _password, "stop": _until_signal}


def _carry_out(station: Station, args: Namespace) -> Answer:
    module, function = WORDS[args.word, getattr(args, "what", None)][0].split(".")
    names = WORDS[args.word, getattr(args, "what", None)][1]
    values = [ASKED[name]() if name in ASKED else getattr(args, name) for name in names]
    answer: Answer = getattr(import_module(f"db.cli.{module}"), function)(station, *values)
    return answer


def _say(answer: Answer, as_json: bool) -> None:
    if as_json:
        print(json.dumps(answer.figures, ensure_ascii=False, default=str))
        return
    for line in answer.lines:
        print(line)


def main(argv: list[str] | None = None) -> int:
    """Carry out one command; 0 only on success, errors as one line in words."""
    args = parser().parse_args(argv)
    level = os.environ.get("COMMANDCENTER_LOG", "WARNING")
    logging.basicConfig(level=level, format="%(levelname)s %(name)s: %(message)s")
    station = Station(args.database)
    try:
        answer = _carry_out(station, args)
    except (DomainError, ServerError, ProfileError) as error:
        print(str(error), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        station.close()
    _say(answer, args.json)
    return 0 if answer.ok else 1


if __name__ == "__main__":
    sys.exit(main())
