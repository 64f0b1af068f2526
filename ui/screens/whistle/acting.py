"""Carries out what a hand chose on a whistle or lane, says what became of it, and who was first when somebody was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal

from commandcenter.domain.errors import DomainError, InvalidInput, OutcomeUnknown
from commandcenter.domain.joint import SUMMONS, NewJointFile, SummonsRow
from commandcenter.domain.joint_workflow import load_machine
from commandcenter.services.exactly_once import UNKNOWN
from ui.bridge.joint_questions import question_action
from ui.bridge.notices import Note
from ui.forms.evidence_file import DraftAttachment
from ui.models.joint_steps import Step, is_plain, machine_of, may
from ui.models.joint_words import JointWords
from ui.screens.refusals import OFFLINE, refusal_words
from ui.screens.workplace import Workplace
from widgets.tones import Tone

SENDING = "正在发送…"
# What takes a deed back: nothing is undone silently, so its form asks for the reason.
_BACK = {"sign": ("withdraw", None), "add_party": ("withdraw_party", "party")}  # action, machine if not the same


class Acting(QObject):
    """form_wanted(SummonsRow, Step): it needs words. done(summons id, Step)."""

    form_wanted = Signal(object, object)
    done = Signal(object, object)

    def __init__(self, place: Workplace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._place = place
        self._under_way: Counter[tuple[int, Step]] = Counter()  # id of the summons, and how often marked
        self._reached: dict[int, tuple[int, Step]] = {}  # by summons: its events after our last step, and that step

    # ------------------------------------------------------------ what is on its way
    def sending(self, row: SummonsRow) -> bool:
        """A step on it is being sent, or was done and cannot be seen on the row yet: what `row` offers may be over."""
        return any(key == row.id for key, _ in self._under_way) or self._unseen(row) is not None

    def wait_for(self, row: SummonsRow) -> bool:
        """Say so if a step on it is being sent; False: nothing is."""
        waits = self._place.live.online and self.sending(row)
        if waits:
            self._place.notices.say("sending", SENDING, Tone.MUTED)
        return waits

    def _unseen(self, row: SummonsRow) -> Step | None:
        """The step of ours that is done, but not on the row."""
        events, step = self._reached.get(row.id, (0, None))
        if step is not None and row.events >= events:
            del self._reached[row.id]
            return None
        return step

    # ------------------------------------------------------------ doing
    def begin(self, row: SummonsRow, step: Step) -> None:
        """Do what needs no words at once; ask for the others' words."""
        if not self._place.live.online:
            self._place.notices.say("offline", OFFLINE, Tone.NEAR)
        elif (row.id, step) in self._under_way or step == self._unseen(row):
            self.wait_for(row)
        elif not is_plain(step.action):
            self.form_wanted.emit(row, step)
        else:
            self.mark(row, step)
            self._place.backend.start(self._begin(row, step), self)

    async def _begin(self, row: SummonsRow, step: Step) -> None:
        try:
            await self.send(row, step, {}, ())
        except DomainError as error:
            self.refuse(row, step, error)
        finally:
            self.unmark(row, step)

    def mark(self, row: SummonsRow, step: Step) -> None:
        """It is going to be sent: keys pressed meanwhile, even in the same turn of the loop, begin nothing."""
        self._under_way[row.id, step] += 1

    def unmark(self, row: SummonsRow, step: Step) -> None:
        """It was sent, or not."""
        self._under_way -= Counter([(row.id, step)])

    async def send(self, row: SummonsRow, step: Step, args: Mapping[str, Any],
                   files: Sequence[DraftAttachment]) -> None:
        """Attachments first, then the action; tells of it. Raises DomainError with words for the user."""
        self.mark(row, step)
        try:
            await self._send(row, step, args, files)
        finally:
            self.unmark(row, step)
        self._tell(row, step)
        self.done.emit(row.id, step)

    async def _send(self, row: SummonsRow, step: Step, args: Mapping[str, Any],
                    files: Sequence[DraftAttachment]) -> None:
        deeds = self._place.joint_deeds
        if not self._place.live.online:
            raise InvalidInput(OFFLINE)
        if self._place.joint_questions.waits(row.id, question_action(step.action.code, step.party_no)):
            raise InvalidInput(UNKNOWN)
        try:
            for file in files:
                await deeds.attach(NewJointFile(file.id, SUMMONS, row.id, step.party_no, file.kind, file.name,
                                                file.mime, file.content))
            if step.action.code != "attach":
                done = await deeds.act(row, step.party_no, step.action.code, args)
                self._reached[row.id] = done.event, step
        except OutcomeUnknown:
            raise
        except DomainError as error:
            raise type(error)(refusal_words(error, self._place), error.detail) from error

    def title(self, row: SummonsRow, party_no: int | None) -> str:
        """The whistle, and whose lane."""
        words = JointWords(self._place.words)
        party = row.party(party_no) if party_no is not None else None
        return words.lane(row, party) if party else words.title(row)

    def _tell(self, row: SummonsRow, step: Step) -> None:
        note = Note(("joint", row.id, step.action.code), f"{self.title(row, step.party_no)} 已{step.action.label}",
                    Tone.OK, row.no)
        back = _BACK.get(step.action.code)
        if back is None:
            self._place.notices.post(note)
        else:
            word = load_machine(back[1] or row.kind).action[back[0]].label
            self._place.notices.post(note, word, lambda: self._take_back(row.id, step, back[0]))

    def _take_back(self, summons_id: int, step: Step, code: str) -> None:
        """The form of the action that takes it back, as long as that is still possible."""
        place = self._place
        row = place.joint.summons.get(summons_id)
        if row is None:
            place.notices.say("back", "已结束，不能撤回", Tone.NEAR)
            return
        party = row.live_parties[-1] if step.action.code == "add_party" and row.live_parties else None
        if may(row, party, code, place.person, place.backend.directory):
            no = party.no if party else None
            self.form_wanted.emit(row, Step(machine_of(row, no).action[code], no))
        else:
            place.notices.say("back", "已有单位报到，不能撤回；可在参与单位中逐一处理", Tone.NEAR)

    def refuse(self, row: SummonsRow, step: Step, error: DomainError) -> None:
        """Say that it was not done, and why."""
        self._place.notices.say(("joint", row.id, step.action.code),
                                f"{self.title(row, step.party_no)} 未能{step.action.label}", Tone.OVERDUE,
                                error.message)
