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
from collections.abc import Callable

from commandcenter.command_line import parser
from commandcenter.domain.errors import DomainError
from commandcenter.profiles.errors import ProfileError
from db.cli import audit_words, import_words, people_words, profile_words, server_words
from db.cli.answer import Answer
from db.cli.station import Station
from db.server_error import ServerError

Word = Callable[[Station, Namespace], Answer]


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


WORDS: dict[tuple[str, str | None], Word] = {
    ("db", "start"): lambda s, a: server_words.start(s),
    ("db", "stop"): lambda s, a: server_words.stop(s),
    ("db", "status"): lambda s, a: server_words.status(s),
    ("db", "url"): lambda s, a: server_words.url(s),
    ("db", "upgrade"): lambda s, a: server_words.upgrade(s),
    ("db", "backup"): lambda s, a: server_words.save(s, a.file),
    ("db", "restore"): lambda s, a: server_words.bring_back(s, a.file),
    ("profile", "list"): lambda s, a: profile_words.names(s),
    ("profile", "load"): lambda s, a: profile_words.load(s, a.name),
    ("profile", "check"): lambda s, a: profile_words.check(s, a.name),
    ("user", "add"): lambda s, a: people_words.add(s, a.login, a.name, a.duty, _password()),
    ("user", "list"): lambda s, a: people_words.everybody(s),
    ("user", "disable"): lambda s, a: people_words.disable(s, a.login),
    ("user", "password"): lambda s, a: people_words.password(s, a.login, _password()),
    ("audit", "verify"): lambda s, a: audit_words.verify(s),
    ("audit", "head"): lambda s, a: audit_words.head(s),
    ("duty", None): lambda s, a: audit_words.duty(s, a.once, _until_signal()),
    ("import", "cases"): lambda s, a: import_words.cases(s, a.file, a.mapping, a.dry_run, a.user),
    ("import", "catalogue"): lambda s, a: import_words.catalogue(s, a.file, a.dry_run),
}


def _say(answer: Answer, as_json: bool) -> None:
    if as_json:
        print(json.dumps(answer.figures, ensure_ascii=False, default=str))
        return
    for line in answer.lines:
        print(line)


def main(argv: list[str] | None = None) -> int:
    """Carry out one command; 0 only on success, errors as one line in words."""
    args = parser().parse_args(argv)
    logging.basicConfig(level=os.environ.get("COMMANDCENTER_LOG", "WARNING"), format="%(levelname)s %(name)s: %(message)s")
    station = Station(args.database)
    try:
        answer = WORDS[args.word, getattr(args, "what", None)](station, args)
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
