"""import cases FILE, import catalogue FILE and import cameras FILE."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Engine, text

from commandcenter.domain.errors import DomainError
from commandcenter.domain.model import Directory
from commandcenter.domain.units import of_whole_city
from commandcenter.profiles.camera_table import read_camera_table
from commandcenter.services.catalogue_import import minutes_of_clocks, names_of_lines, read_catalogue_table
from commandcenter.services.import_cases import ImportReport, import_cases
from db.cli.answer import Answer
from db.cli.station import Station
from db.engine import make_engine, with_login
from db.errors import translated
from db.gateways.camera_loading import CameraLoad, camera_words, import_cameras
from db.gateways.directory import read_directory

_SHOWN = 20


def cases(station: Station, file: Path, mapping: str | None, dry_run: bool, user: str | None) -> Answer:
    """Put a table of messages into the acceptor's queue. Not ok when every row was rejected."""
    station.ready()
    session = station.open_known(user or station.first_login("acceptor"))
    try:
        report = import_cases(
            file,
            session.commands,
            mapping,
            dry_run,
            progress=_progress(),
            channels={c.name: c.code for c in session.directory.channels.values()},
            author=session.person.login,
            time_zone=session.directory.time_zone,
            districts=_districts(session.directory),
        )
    finally:
        session.close()
    return _answer(report)


def _districts(directory: Directory) -> dict[str, int]:
    """What a person of a whole city must tell; a district's own people need not."""
    return {o.name: o.id for o in directory.orgs.values() if o.kind == "district"} if of_whole_city(directory) else {}


def catalogue(station: Station, file: Path, dry_run: bool) -> Answer:
    """Load a city's own catalogue as a new version; rows that cannot be read are named and left out."""
    station.ready()
    with translated(), station.owner.connect() as connection:
        whole = connection.execute(text("select min(shared_id) from cc.district")).scalar_one()
        directory = read_directory(connection, whole)
    minutes = minutes_of_clocks(directory.calendar)
    found = read_catalogue_table(file, names_of_lines(directory.orgs.values()), minutes)
    figures = {"accepted": len(found.items), "rejected": len(found.rejected), "dry_run": dry_run}
    lines = [_refusal(r.row, r.reason, r.detail) for r in found.rejected[:_SHOWN]]
    if found.items and not dry_run:
        with translated(), station.owner.begin() as connection:
            values = {"source": found.source, "items": json.dumps(found.items, ensure_ascii=False)}
            connection.execute(text("select cc.load_catalogue(:source, cast(:items as jsonb))"), values)
    lines.append(f"{'可导入' if dry_run else '已导入'} {len(found.items)} 项，拒收 {len(found.rejected)} 行")
    return Answer(figures, tuple(lines), ok=bool(found.items))


def cameras(station: Station, file: Path, dry_run: bool, user: str | None) -> Answer:
    """Bring a table of cameras in, all of it or nothing; every fault is said by its row, and no cell repeated."""
    station.ready()
    engine = _importer(station, user)
    try:
        entries, faults = read_camera_table(file, *camera_words(engine))
        only_check = dry_run or bool(faults)
        load = import_cameras(engine, entries, file.name, only_check=only_check) if entries else None
    finally:
        if engine is not station.owner:
            engine.dispose()
    faults = sorted([*faults, *(load.faults if load else ())], key=lambda fault: fault.row)
    done = load if load and not faults else None
    figures = {
        "added": done.added if done else 0,
        "changed": done.changed if done else 0,
        "same": done.same if done else 0,
        "faults": [{"row": fault.row, "words": fault.words} for fault in faults],
        "dry_run": dry_run,
    }
    lines = [_refusal(fault.row, fault.words, "") for fault in faults]
    lines.append(_camera_words(done, dry_run) if done else f"{len(faults)} 处错误，没有导入任何摄像机")
    return Answer(figures, tuple(lines), ok=done is not None)


def _camera_words(load: CameraLoad, dry_run: bool) -> str:
    if dry_run:
        return f"检查通过：新增 {load.added} 个，已有 {load.same} 个"
    return f"已导入：新增 {load.added} 个，修改 {load.changed} 个，未变 {load.same} 个"


def _importer(station: Station, user: str | None) -> Engine:
    """Under an administrator's own login where this machine knows it, else under that of the address."""
    if user is None:
        try:
            user = station.first_login("admin")
        except DomainError:
            return station.owner
    if (password := station.password_of(user)) is None:
        raise DomainError(f"本机没有 {user} 的密码，请在 --database 地址中写明登录名")
    address = with_login(station.server.url, user, password)
    return make_engine(address, application_name=f"commandcenter {user}", pool_size=1)


def _progress() -> Callable[[int, int], None] | None:
    if not sys.stderr.isatty():
        return None
    return lambda done, total: print(f"\r{done}/{total}", end="", file=sys.stderr)  # noqa: T201 - the terminal's own line


def _answer(report: ImportReport) -> Answer:
    figures = {
        "accepted": report.accepted,
        "known": report.known,
        "rejected": report.rejected,
        "reasons": dict(report.reasons),
        "dry_run": report.dry_run,
    }
    bad = [r for r in report.rows if r.reason]
    lines = [_refusal(r.row, r.reason, r.detail) for r in bad[:_SHOWN]]
    if len(bad) > _SHOWN:
        lines.append(f"……另有 {len(bad) - _SHOWN} 行")
    words = "可导入" if report.dry_run else "已导入"
    lines.append(f"{words} {report.accepted} 件，已有 {report.known} 件，拒收 {report.rejected} 行")
    return Answer(figures, tuple(lines), ok=bool(report.accepted or report.known))


def _refusal(row: int, reason: str, detail: str) -> str:
    return f"第 {row} 行：{reason}{f'（{detail}）' if detail else ''}"
