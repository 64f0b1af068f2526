"""Everything that changes a case: one function call, one transaction, one round trip."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from commandcenter.domain.model import Command, Done, NewAttachment, NewReport
from db.gateways.calling import Caller

_ACT = "select cc.act(%(id)s::uuid, %(case_id)s, %(version)s, %(action)s, %(args)s::jsonb)"
_REPORT = "select cc.report_case(%(id)s::uuid, %(report)s::jsonb)"
_ATTACH = "select cc.attach(%(id)s::uuid, %(case_id)s, %(kind)s, %(name)s, %(mime)s, %(content)s)"
_OUTCOME = "select cc.command_outcome(%(id)s::uuid)"
_GIVE_UP = "select cc.give_up_command(%(id)s::uuid)"
_LOOK = "select cc.look_at(%(case_id)s)"
_ASK_REVEAL = "select cc.ask_reveal(%(case_id)s, %(reporter_id)s, %(reason)s)"
_REVEAL = "select cc.reveal_reporter(%(log_id)s)"


def _done(answer: dict[str, Any]) -> Done:
    return Done(**{k: v for k, v in answer.items() if k in Done.__dataclass_fields__})


def _replayed(answer: dict[str, Any] | None) -> Done | None:
    return None if answer is None or "given_up" in answer else _done({**answer, "replayed": True})


def _report_json(report: NewReport) -> str:
    given = {
        name: getattr(report, name)
        for name in (
            "channel",
            "summary",
            "description",
            "address",
            "source_no",
            "lon",
            "lat",
            "item_id",
            "grid_id",
            "grade",
            "district_id",
        )
        if getattr(report, name) not in (None, "")
    }
    if report.occurred_at is not None:
        given["occurred_at"] = report.occurred_at.isoformat()
    reporter = {"name": report.reporter_name, "phone": report.reporter_phone, "address": report.reporter_address}
    if any(reporter.values()):
        given["reporter"] = reporter
    return json.dumps(given, ensure_ascii=False)


class PgCaseCommands(Caller):
    """`ports.CaseCommands` over an autocommit engine."""

    def act(self, command: Command) -> Done:
        """Carry out a workflow action."""
        args = json.dumps(dict(command.args), ensure_ascii=False, default=str)
        return _done(
            self._call(
                _ACT,
                id=str(command.id),
                case_id=command.case_id,
                version=command.version,
                action=command.action,
                args=args,
            )
        )

    def report(self, report: NewReport) -> Done:
        """Take a problem in (采集)."""
        return _done(self._call(_REPORT, id=str(report.id), report=_report_json(report)))

    def attach(self, attachment: NewAttachment) -> Done:
        """Add evidence."""
        return _done(
            self._call(
                _ATTACH,
                id=str(attachment.id),
                case_id=attachment.case_id,
                kind=attachment.kind,
                name=attachment.name,
                mime=attachment.mime,
                content=attachment.content,
            )
        )

    def outcome(self, command_id: UUID) -> Done | None:
        """What became of a command whose answer was lost."""
        return _replayed(self._call(_OUTCOME, command=False, id=str(command_id)))

    def give_up(self, command_id: UUID) -> Done | None:
        """What became of it, for good: what was not done by now never will be."""
        return _replayed(self._call(_GIVE_UP, command=False, id=str(command_id)))

    def look_at(self, case_id: int | None) -> None:
        """Tell the others which case is open here."""
        self._call(_LOOK, command=False, case_id=case_id)

    def reveal_reporter(self, case_id: int, reporter_id: int, reason: str) -> tuple[str, str, str]:
        """Name, phone and address in clear; the look is recorded and committed before anything is shown."""
        log_id = self._call(_ASK_REVEAL, command=False, case_id=case_id, reporter_id=reporter_id, reason=reason)
        r = self._call(_REVEAL, command=False, log_id=log_id)
        return r["name"], r["phone"], r["address"]
