"""The whole program as its users have it: a home of its own, its words on the command line, its people."""

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from functools import cache
from pathlib import Path
from typing import Any

import psycopg2
from fasteners import InterProcessLock

from commandcenter.domain.joint import (
    SUMMONS,
    WHISTLE,
    CalledUnit,
    JointCommand,
    JointDone,
    NewJointFile,
    NewSummons,
    SummonsRow,
)
from commandcenter.domain.model import CatalogueItem, Command, Done, Grid, NewReport
from commandcenter.domain.video import MAIN as MAIN_STREAM
from commandcenter.domain.video import SUB as SUB_STREAM
from commandcenter.video.demo.clips import CLIPS, CLIPS_VARIABLE, clips_folder
from db import embedded
from db.gateways.session import PgSession
from db.locations import HOME_VARIABLE
from db.secrets import SecretFile
from db.servers import URL_VARIABLE
from tests.support.rtsp import make_clip
from tests.support.servers import own_home, remove_home, run_home
from tests.support.town import PNG

MAIN = Path(__file__).parents[2] / "main.py"
ACCEPTOR, DISPATCHER, COLLEAGUE, CLERK, VERIFIER = "s0001", "d0032", "d0033", "u_cgw", "h0001"
SUPERVISOR, STREET_HEAD, STREET_CLERK = "z0001", "donghuamen_lead", "donghuamen_unit"
UNIT, STREET = "D-城管委", "110101001"
IN_SIGHT = 8  # waiting cases that a queue shows without being scrolled, with room for a test's own
_ELSEWHERE = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", URL_VARIABLE)


@cache
def sample_clips() -> Path:
    """Small moving pictures for all programs of a run: to draw the sample city's takes a minute of a core."""
    shared = run_home() / "clips"
    os.environ[CLIPS_VARIABLE] = str(shared)
    folder = clips_folder(shared)
    del os.environ[CLIPS_VARIABLE]
    with InterProcessLock(run_home() / "clips.lock"):
        for stream, size in ((MAIN_STREAM, (1280, 720)), (SUB_STREAM, (640, 360))):
            if not (drawn := shared / f"{stream}.mp4").exists():
                make_clip(drawn, size=size)
            for clip in CLIPS:
                (folder / clip.name).mkdir(parents=True, exist_ok=True)
                with suppress(FileExistsError):
                    (folder / clip.name / drawn.name).hardlink_to(drawn)
    return shared


class ProgramHome:
    """One COMMANDCENTER_HOME; the server in it is stopped and all of it removed by `remove`."""

    def __init__(self, name: str) -> None:
        self.path = own_home(name)
        self.path.mkdir(mode=0o755)
        self._open = ExitStack()
        self._sessions: dict[str, PgSession] = {}

    def remove(self) -> None:
        """Close what was opened through it; end its server."""
        self._open.close()
        remove_home(self.path)

    # ------------------------------------------------------------ words
    def environment(self, **more: str) -> Mapping[str, str]:
        """The environment of a program that lives here and has no display."""
        kept = {name: value for name, value in os.environ.items() if name not in _ELSEWHERE}
        return {**kept, HOME_VARIABLE: str(self.path), CLIPS_VARIABLE: str(sample_clips()), **more}

    def word(self, *words: object, given: str = "", cwd: Path | None = None, seconds: float = 300,
             **more: str) -> "subprocess.CompletedProcess[str]":  # fmt: skip
        """Run `main.py` with these words to its end."""
        return subprocess.run(
            command(*words), input=given, capture_output=True, text=True, timeout=seconds, cwd=cwd,
            env=self.environment(**more),
        )  # fmt: skip

    def figures(self, *words: object, **more: Any) -> dict[str, Any]:
        """The one JSON object that a word which succeeds prints with --json."""
        done = self.word(*words, "--json", **more)
        assert done.returncode == 0, done.stderr
        return one_object(done.stdout)

    # ------------------------------------------------------------ people
    def password(self, login: str) -> str:
        """A sample operator's password, as the program keeps it."""
        found = SecretFile(self.path / "logins.json").get(login)
        assert found is not None, login
        return found

    @property
    def url(self) -> str:
        """The owner's address of the database; a stopped server is started."""
        return embedded.start(self.path, durable=False).url

    def session(self, login: str, password: str | None = None) -> PgSession:
        """A person's session, opened once."""
        if login not in self._sessions:
            opened = PgSession(self.url, login, password or self.password(login), pool_size=1)
            self._open.callback(opened.close)
            self._sessions[login] = opened
        return self._sessions[login]

    def owner(self) -> Any:
        """An autocommit connection as the database's owner; the caller closes it."""
        opened = psycopg2.connect(self.url)
        opened.autocommit = True
        return opened

    def scalar(self, sql: str, *values: Any) -> Any:
        """One value as the owner."""
        opened = self.owner()
        try:
            with opened.cursor() as cursor:
                cursor.execute(sql, values or None)
                row = cursor.fetchone() if cursor.description else None
                return row[0] if row else None
        finally:
            opened.close()

    # ------------------------------------------------------------ cases
    def item(self) -> CatalogueItem:
        """A 部件 of 区城管委, which is therefore recommended first."""
        items = self.session(ACCEPTOR).directory.items.values()
        fitting = (i for i in items if i.kind == "component" and i.line == "城管委" and not i.urgent)
        return min(fitting, key=lambda i: i.code)

    def grid(self) -> Grid:
        """A unit grid."""
        grids = self.session(ACCEPTOR).directory.grids.values()
        return min((g for g in grids if g.kind == "unit" and g.community_id is not None), key=lambda g: g.key)

    def unit(self, key: str = UNIT) -> int:
        """The id of an organisation."""
        return next(o.id for o in self.session(ACCEPTOR).directory.orgs.values() if o.key == key)

    def filed(self, description: str = "井盖移位") -> int:
        """A case that waits for its dispatch, in sight: what earlier tests left waiting is dispatched first."""
        waiting = "select array(select id from cc.cases where state = 'filed' order by id desc offset %s)"
        for left in self.scalar(waiting, IN_SIGHT):
            self.act(DISPATCHER, left, "dispatch", unit_id=self.unit())
        facts = {"item_id": self.item().id, "grid_id": self.grid().id}
        report = NewReport(uuid.uuid4(), channel="patrol", description=description, **facts)
        case_id = self.session(ACCEPTOR).commands.report(report).case_id
        self.act(ACCEPTOR, case_id, "accept")
        self.act(ACCEPTOR, case_id, "file")
        return case_id

    def act(self, login: str, case_id: int, action: str, **args: Any) -> Done:
        """An action on the case as it stands."""
        session = self.session(login)
        version = session.queries.cases([case_id])[0].version
        return session.commands.act(Command(uuid.uuid4(), case_id, version, action, args))

    def events(self, case_id: int) -> list[tuple[str, str]]:
        """The trace: action and login, in order."""
        trace = self.session(ACCEPTOR).queries.case_file(case_id).trace
        return [(event.action, event.actor_login) for event in trace]

    def state(self, case_id: int) -> str:
        """The case's state, whoever may see it."""
        return str(self.scalar("select state from cc.cases where id = %s", case_id))

    # ------------------------------------------------------------ whistles and orders
    def summons(self, number: str) -> SummonsRow:
        """A whistle or an order by its number, as the district's supervisor sees it."""
        row = self.session(SUPERVISOR).joint_queries.summons_by_no(number)
        assert row is not None, number
        return row

    def whistle(self, *units: str, title: str = "路灯倾斜") -> str:
        """A street's draft that waits for its head; its number."""
        parties = tuple(CalledUnit(self.unit(key)) for key in units)
        new = NewSummons(uuid.uuid4(), WHISTLE, self.unit(STREET), "综合执法", title, parties, level="key")
        return self.session(STREET_CLERK).joint_commands.open_summons(new).no

    def on_summons(self, login: str, number: str, action: str, **args: Any) -> JointDone:
        """An action on the whole as it stands."""
        row = self.summons(number)
        return self.session(login).joint_commands.act(
            JointCommand(uuid.uuid4(), SUMMONS, row.id, None, row.version, action, args))

    def steps(self, number: str) -> list[tuple[str, str]]:
        """The trace of a whistle or order: action and login, in order."""
        told = self.scalar("select jsonb_agg(jsonb_build_array(action, actor_login) order by seq) from cc.joint_event"
                           " where entity_id = %s", self.summons(number).id)  # fmt: skip
        return [(action, login) for action, login in told]

    def lane(self, login: str, number: str, unit: int, action: str, **args: Any) -> JointDone:
        """An action in a unit's lane as it stands, by somebody who works elsewhere."""
        row = self.summons(number)
        lane = next(party for party in row.live_parties if party.unit_id == unit)
        if action == "finish":
            self.session(login).joint_commands.attach(
                NewJointFile(uuid.uuid4(), SUMMONS, row.id, lane.no, "after", "after.png", "image/png", PNG))
            lane = self.summons(number).party(lane.no) or lane
        return self.session(login).joint_commands.act(
            JointCommand(uuid.uuid4(), SUMMONS, row.id, lane.no, lane.version, action, args))


def command(*words: object) -> list[str]:
    """The program started with these words, by this very Python."""
    return [sys.executable, str(MAIN), *map(str, words)]


def one_object(text: str) -> dict[str, Any]:
    """Exactly one JSON object and nothing else."""
    found = json.loads(text)
    assert isinstance(found, dict), text
    return found
