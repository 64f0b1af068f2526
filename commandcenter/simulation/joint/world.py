"""What the agents know when they deal with whistles, and the little that a row does not tell."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from commandcenter.domain.joint import Party, SummonsFile, SummonsRow, TaskRow, Team, WhistleRules
from commandcenter.simulation.facts import Facts
from commandcenter.simulation.joint.deeds import Deed, Row, Who
from commandcenter.simulation.joint.habits import Habits
from commandcenter.simulation.places import point_in

_METRES_A_DEGREE = 111_320.0


@dataclass
class Memory:
    """asked: lanes that asked for their release; consulted: summons with a second consultation; blamed: lanes with a
    通报; tasks: those given out, by meeting; awaited: meetings of which a task is still open; first: how far a matter
    that a new city begins with is to come at once."""

    asked: set[tuple[int, int]] = field(default_factory=set)
    consulted: set[int] = field(default_factory=set)
    blamed: set[tuple[int, int]] = field(default_factory=set)
    tasks: dict[int, set[int]] = field(default_factory=dict)
    awaited: frozenset[int] = frozenset()
    first: dict[int, str] = field(default_factory=dict)

    def did(self, row: Row, deed: Deed) -> None:
        """A deed that its row will not tell."""
        self._note(deed.action, row.id, deed.party_no)

    def see_task(self, row: TaskRow) -> None:
        """What a task follows from."""
        if row.summons_id is not None and row.party_no is not None:
            self.blamed.add((row.summons_id, row.party_no))
        if row.meeting_id is not None:
            self.tasks.setdefault(row.meeting_id, set()).add(row.id)

    def recall(self, file: SummonsFile) -> None:
        """What was done before this program began."""
        for event in file.trace:
            self._note(event.action, file.row.id, event.party_no)

    def _note(self, action: str, number: int, party_no: int | None) -> None:
        if action == "ask_release":
            self.asked.add((number, party_no or 0))
        elif action == "publish":
            self.blamed.add((number, party_no or 0))
        elif action == "consult":
            self.consulted.add(number)


@dataclass(frozen=True)
class World:
    """The city's facts, rules and habits."""

    facts: Facts
    rules: WhistleRules
    teams: tuple[Team, ...]
    habits: Habits
    memory: Memory = field(default_factory=Memory)

    def dice(self, *key: object) -> Random:
        """Random numbers that belong to one question, whoever asks it and when."""
        return Random("/".join(map(str, (self.facts.seed, "joint", *key))))

    def manner(self, row: SummonsRow, party: Party) -> str:
        """How this unit behaves this time; "nobody" where nobody works for it."""
        if not self.handlers(party.unit_id).logins:
            return "nobody"
        if goal := self.memory.first.get(row.id):
            return "idle" if goal == "blamed" and party.no == row.parties[-1].no else "prompt"
        return self.habits.manner(self.dice(row.id, party.no, "manner"))

    # ------------------------------------------------------------------ people
    def handlers(self, unit_id: int) -> Who:
        """Who acts for a unit."""
        return Who("handler", self.facts.staff.handlers(unit_id))

    def supervisors(self, district_id: int, turn: int = 0) -> Who:
        """值班长 of a district, or of the city above it."""
        return self._of("supervisor", district_id, turn)

    def evaluators(self, district_id: int, turn: int = 0) -> Who:
        """考评员 of a district or of the city; supervisors where there is none."""
        found = self._of("evaluator", district_id, turn)
        return found if found.logins else self.supervisors(district_id, turn)

    def followers(self, district_id: int, turn: int = 0) -> Who:
        """回访员 of a district or of the city."""
        return self._of("followup", district_id, turn)

    def speakers(self, row: SummonsRow) -> Who:
        """Who speaks for the caller: the street's head, of a district's summons the supervisor."""
        if row.caller_kind == "district":
            return self.supervisors(row.district_id, row.id)
        return self.heads(row.street_id)

    def heads(self, street_id: int | None) -> Who:
        """街道负责人."""
        return Who("street_leader", self.facts.staff.street("street_leader", street_id))

    def issuers(self, org_id: int, turn: int = 0) -> Who:
        """Who watches a task: the head of the street that issued it, else the district's supervisor."""
        org = self.facts.directory.orgs.get(org_id)
        if org is not None and org.kind in ("street", "community"):
            heads = self.heads(org.id if org.kind == "street" else org.parent_id)
            return heads if heads.logins else self.supervisors(org.district_id, turn)
        return self.supervisors(org_id, turn)

    def _of(self, role: str, district_id: int, turn: int) -> Who:
        staff = self.facts.staff
        own, city = staff.street(role, district_id), staff.city(role)
        people = own or city
        cut = turn % len(people) if people else 0
        return Who(role, tuple(dict.fromkeys((*people[cut:], *people[:cut], *city))))

    # ------------------------------------------------------------------ places and words
    def near(self, rng: Random, row: SummonsRow) -> tuple[float, float]:
        """(lon, lat) of somebody who has come: near the place; somewhere in the street where none is named."""
        if row.lon is None or row.lat is None:
            place = self.facts.places.in_street(rng, row.street_id)
            return point_in(rng, place.ring)
        reach = self.rules.radius_m * 0.6 / _METRES_A_DEGREE  # a degree of longitude is shorter: nearer still
        return round(row.lon + rng.uniform(-reach, reach), 6), round(row.lat + rng.uniform(-reach, reach), 6)

    def say(self, rng: Random, what: str, **gaps: object) -> str:
        """A sentence."""
        return self.habits.say(rng, what, **gaps)
