"""导入: takes a table of citizen messages into the acceptor's queue; each row is accepted or named with its reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from commandcenter.domain.errors import DomainError, NotAllowed, ServerUnavailable
from commandcenter.domain.model import Done, NewReport
from commandcenter.ports import CaseCommands
from commandcenter.services.cells import RowRefused
from commandcenter.services.commands import Performer
from commandcenter.services.import_mapping import ImportMapping, Layout, built_in, find_mapping, lay_out
from commandcenter.services.message_row import MessageReader
from commandcenter.services.table_reader import TableRow, read_table

ACCEPTED, KNOWN, REJECTED = "accepted", "known", "rejected"


@dataclass(frozen=True, slots=True)
class RowVerdict:
    """What became of one row. `row`: its number in the file (1 = first); verdict: accepted, known (imported before) or
    rejected; `reason` is the kind of refusal, `detail` what is special about this row."""

    row: int
    verdict: str
    source_no: str = ""
    reason: str = ""
    detail: str = ""
    case_id: int | None = None
    case_no: str = ""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """The result of an import; in a dry run `accepted` counts what would be sent."""

    mapping: str
    dry_run: bool
    rows: tuple[RowVerdict, ...]

    @property
    def accepted(self) -> int:
        """Rows that became new cases."""
        return self._count(ACCEPTED)

    @property
    def known(self) -> int:
        """Rows that had been imported before; nothing was doubled."""
        return self._count(KNOWN)

    @property
    def rejected(self) -> int:
        """Rows that were not taken in."""
        return self._count(REJECTED)

    @property
    def reasons(self) -> Counter[str]:
        """How many rows were refused for which reason."""
        return Counter(row.reason for row in self.rows if row.verdict == REJECTED)

    def _count(self, verdict: str) -> int:
        return sum(row.verdict == verdict for row in self.rows)


def import_cases(
    path: Path,
    commands: CaseCommands,
    mapping: ImportMapping | str | None = None,
    dry_run: bool = False,
    progress: Callable[[int, int], None] | None = None,
    now: datetime | None = None,
    *,
    channels: Mapping[str, str] | None = None,
    author: str = "",
    time_zone: str = "Asia/Shanghai",
    districts: Mapping[str, int] | None = None,
) -> ImportReport:
    """Import an .xlsx, .xls or .csv file. Blocks; may be repeated at any time without doubling a case.

    mapping: a built-in name, a .toml file, or None to choose by the header. progress(done, total) after each row.
    now: the city's time (aware). channels: name → code of the district. author: the login of who imports. districts:
    name → id of those of a whole city: each row must name one.
    Raises InvalidInput for a file that cannot be read, NotAllowed when the role may not report, and
    ServerUnavailable, which tells how far the import came.
    """
    rows = read_table(path)
    layout = lay_out(rows, _candidates(mapping), needed=("description",))
    zone, present = ZoneInfo(time_zone), now or datetime.now(UTC)
    reader = MessageReader(layout, zone, present, channels or {}, author, districts or {})
    run = _Run(reader, None if dry_run else Performer(commands))
    return ImportReport(layout.mapping.name, dry_run, run.judge_all(_data(rows, layout), progress))


def _candidates(mapping: ImportMapping | str | None) -> list[ImportMapping]:
    if mapping is None:
        return built_in()
    return [find_mapping(mapping) if isinstance(mapping, str) else mapping]


def _data(rows: Sequence[TableRow], layout: Layout) -> Sequence[TableRow]:
    return rows[layout.first :]


class _Run:
    """One pass over a table; remembers which row used which number first."""

    def __init__(self, reader: MessageReader, performer: Performer | None) -> None:
        self._reader = reader
        self._performer = performer
        self._first_row: dict[object, int] = {}

    def judge_all(
        self, rows: Sequence[TableRow], progress: Callable[[int, int], None] | None
    ) -> tuple[RowVerdict, ...]:
        verdicts: list[RowVerdict] = []
        for row in rows:
            try:
                verdicts.append(self._judge(row))
            except ServerUnavailable as error:
                raise type(error)(_broken_off(row, len(verdicts), error), error.detail) from error
            if progress is not None:
                progress(len(verdicts), len(rows))
        return tuple(verdicts)

    def _judge(self, row: TableRow) -> RowVerdict:
        try:
            report = self._reader.read(row)
            self._refuse_repetition(row, report)
        except RowRefused as refusal:
            return RowVerdict(row.number, REJECTED, self._reader.number(row), refusal.reason, refusal.detail)
        if self._performer is None:
            return RowVerdict(row.number, ACCEPTED, report.source_no)
        return self._send(self._performer, row, report)

    def _refuse_repetition(self, row: TableRow, report: NewReport) -> None:
        first = self._first_row.setdefault(report.id, row.number)
        if first != row.number:
            what = "编号" if report.source_no else "内容"
            raise RowRefused(f"{what}在文件中重复", f"与第 {first} 行相同")

    @staticmethod
    def _send(performer: Performer, row: TableRow, report: NewReport) -> RowVerdict:
        try:
            done = performer.report(report)
        except (ServerUnavailable, NotAllowed):
            raise
        except DomainError as error:
            return RowVerdict(row.number, REJECTED, report.source_no, reason=error.message)
        return RowVerdict(row.number, _verdict(done), report.source_no, case_id=done.case_id, case_no=done.no)


def _verdict(done: Done) -> str:
    return KNOWN if done.known or done.replayed else ACCEPTED


def _broken_off(row: TableRow, done: int, error: DomainError) -> str:
    place = f"导入到第 {row.number} 行时中断（已处理 {done} 行）：{error.message}"
    return f"{place}；恢复后再导入同一文件即可，已导入的不会重复"
