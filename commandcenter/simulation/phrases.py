"""What the people of the city say and write."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from string import Formatter
from typing import Any

from commandcenter.domain.model import CatalogueItem, Channel
from commandcenter.simulation.data import CityData, Topic

_VOICES = {
    "patrol": "patrol",
    "center_app": "patrol",
    "video": "machine",
    "iot": "machine",
    "leader": "office",
    "transfer": "office",
    "media": "office",
    "whistle": "office",
}


_SAYS_NOTHING = frozenset("被不道路有的上无用品")  # in common between a sentence and an item without meaning the same


class _Gaps(dict[str, Any]):
    """A sentence that names something unknown says “有关单位” there."""

    def __missing__(self, key: str) -> str:
        return "有关单位"


class Phrases:
    """Composes sentences from the data; every choice comes from the random numbers given."""

    def __init__(self, data: CityData) -> None:
        self._words: Mapping[str, Any] = data.words
        self._surnames, self._given = data.surnames, data.given

    def say(self, rng: Random, what: str, **facts: Any) -> str:
        """One of the sentences for an occasion, its gaps filled in."""
        return Formatter().vformat(str(rng.choice(self._words["say"][what])), (), _Gaps(facts))

    def describe(
        self, rng: Random, channel: Channel, place: str, item: CatalogueItem, topic: Topic | None
    ) -> str:
        """A report's text: opening, what is wrong, why it matters, what is asked for."""
        voice = self.voice(channel)
        opening = str(rng.choice(self._words["open"][voice])).format(place=place)
        what = self._what(rng, item, topic, 0.9 if voice == "citizen" else 0.5)
        harm = rng.choice(topic.harm if topic and rng.random() < 0.7 else self._words["harm"]["general"])
        plea = rng.choice(self._words["plea"][voice])
        middle = f"{what}，{harm}" if voice == "citizen" or rng.random() < 0.4 else what
        return f"{opening}{middle}。{plea if rng.random() < 0.7 else ''}"

    def _what(self, rng: Random, item: CatalogueItem, topic: Topic | None, own_words: float) -> str:
        """In people's own words if some fit the item, else as the filing condition has it."""
        point = item.name.replace(item.minor, "") if item.kind == "component" else item.minor
        fitting = [what for what in topic.what if set(what) & (set(point) - _SAYS_NOTHING)] if topic else []
        if fitting and rng.random() < own_words:
            return rng.choice(fitting)
        return item.filing_condition.rstrip("。") or item.name

    def done(self, rng: Random, item: CatalogueItem | None, topic: Topic | None) -> str:
        """What a unit writes when it has handled the case."""
        words = topic.done if topic and rng.random() < 0.8 else self._words["say"]["done"]
        return str(rng.choice(words)).format(standard=item.closing_standard.rstrip("。") if item else "现场恢复")

    def voice(self, channel: Channel) -> str:
        """Who speaks on a channel: patrol, machine, office or citizen."""
        usual = "citizen" if channel.citizen else "patrol" if channel.proactive else "office"
        return _VOICES.get(channel.code, usual)

    def person(self, rng: Random) -> tuple[str, str]:
        """An invented name and a phone number that nobody has (1390000xxxx)."""
        given = "".join(rng.choices(self._given, k=rng.choice((1, 2, 2))))
        return rng.choice(self._surnames) + given, f"1390000{rng.randrange(10_000):04d}"
