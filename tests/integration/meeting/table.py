"""Quick hands for meetings and tasks: anybody calls, confirms, decides, assigns, reports; what is said to whom."""

from __future__ import annotations

import json
import uuid
from typing import Any

from tests.integration.whistle.lanes import Whistles
from tests.support.town import PNG

SAID = (
    "select kind, to_role, (select key from cc.org o where o.id = n.to_org), words from cc.notice n"
    " where entity_id = %s and closed_at is null order by kind, to_role, 3"
)


class Table(Whistles):
    """`meet` and `task` do something to a meeting or task as it stands."""

    def call(self, login: str = "leader", caller: str = "A", of: tuple[str, ...] = ("D-CG", "D-GA"),
             command: str | None = None, **more: Any) -> int:  # fmt: skip
        """A meeting in three hours; its id."""
        args = {
            "caller_id": self.unit(caller), "title": "占道经营会商", "meet_at": self.ahead(hours=3),
            "units": [self.unit(key) for key in of], **more,
        }  # fmt: skip
        return int(self._ask(login, "select cc.call_meeting(%s, %s)", command, args)["entity_id"])

    def assign(self, login: str = "supervisor", issuer: str = "T", unit: str = "D-CG", command: str | None = None,
               **more: Any) -> int:  # fmt: skip
        """A task for tomorrow; its id."""
        args = {"issuer_id": self.unit(issuer), "unit_id": self.unit(unit), "title": "清理占道物品",
                "due": self.ahead(days=1), **more}  # fmt: skip
        return int(self._ask(login, "select cc.assign_task(%s, %s)", command, args)["entity_id"])

    def meet(self, login: str, which: int, action: str, *, version: int | None = None, command: str | None = None,
             unit: str | None = None, **args: Any) -> dict[str, Any]:  # fmt: skip
        """An action on a meeting; `unit` by its key."""
        return self._act("meeting", login, which, action, version, command, unit, args)

    def task(self, login: str, which: int, action: str, *, version: int | None = None, command: str | None = None,
             **args: Any) -> dict[str, Any]:  # fmt: skip
        """An action on a task."""
        return self._act("task", login, which, action, version, command, None, args)

    def attach_to(self, login: str, entity: str, which: int, *, party: int | None = None, kind: str = "after",
                  mime: str = "image/png", content: bytes = PNG, name: str = "a.png",
                  command: str | None = None) -> dict[str, Any]:  # fmt: skip
        """A file."""
        answer: dict[str, Any] = self.as_person(
            login, "select cc.attach_joint(%s, %s, %s, %s, %s, %s, %s, %s)", command or str(uuid.uuid4()), entity,
            which, party, kind, name, mime, content,
        )  # fmt: skip
        return answer

    def held(self, of: tuple[str, ...] = ("D-CG", "D-GA"), **more: Any) -> int:
        """A meeting that all attended and that has decided."""
        number = self.call(of=of, **more)
        for key in of:
            self.meet("leader", number, "attend", unit=key, attendance="present")
        self.meet("leader", number, "hold", decisions="限期清理")
        return number

    def reported(self, **more: Any) -> int:
        """A task of 区城管委 that waits to be struck off."""
        number = self.assign(**more)
        self.attach_to("cg", "task", number)
        self.task("cg", number, "report", result="已清理")
        return number

    def acknowledge(self, login: str, ids: list[int], command: str | None = None) -> list[int]:
        """Take notices on; those that were still open."""
        answer = self.as_person(login, "select cc.acknowledge_notices(%s, %s)", command or str(uuid.uuid4()), ids)
        return list(answer["acknowledged"])

    # ------------------------------------------------------------------ looking
    def row_of(self, entity: str, which: int) -> dict[str, Any]:
        """The row of a meeting or task."""
        return self._row(f"select * from cc.{entity} where id = %s", which)

    def attendees(self, which: int) -> dict[str, str]:
        """What each unit of a meeting says, by its key."""
        return dict(self.rows(
            "select o.key, a.state from cc.meeting_attendee a join cc.org o on o.id = a.unit_id where meeting_id = %s",
            which,
        ))  # fmt: skip

    def said(self, which: int) -> list[tuple[str, str, str | None]]:
        """Kind, role and place of what is said about a matter now."""
        return [row[:3] for row in self.rows(SAID, which)]

    def notice_ids(self, which: int) -> list[int]:
        """Of the same."""
        listed = "select id from cc.notice where entity_id = %s and closed_at is null order by id"
        return [row[0] for row in self.rows(listed, which)]

    def deeds(self, which: int) -> list[str]:
        """The actions of the log, in order."""
        return [r[0] for r in self.rows("select action from cc.joint_event where entity_id = %s order by seq", which)]

    def _act(self, entity: str, login: str, which: int, action: str, version: int | None, command: str | None,
             unit: str | None, args: dict[str, Any]) -> dict[str, Any]:  # fmt: skip
        expected = self.row_of(entity, which)["version"] if version is None else version
        given = args if unit is None else args | {"unit_id": self.unit(unit)}
        answer: dict[str, Any] = self.as_person(
            login, f"select cc.{entity}_act(%s, %s, %s, %s, %s)", command or str(uuid.uuid4()), which, expected, action,
            json.dumps(given, ensure_ascii=False, default=str),
        )  # fmt: skip
        return answer

    def _ask(self, login: str, statement: str, command: str | None, args: dict[str, Any]) -> dict[str, Any]:
        answer: dict[str, Any] = self.as_person(
            login, statement, command or str(uuid.uuid4()), json.dumps(args, ensure_ascii=False, default=str)
        )
        return answer
