"""What problems are about: catalogue items by subject, the usual ones often, all others now and then."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from random import Random

from commandcenter.domain.model import CatalogueItem, Directory
from commandcenter.simulation.data import Topic

_REST_SHARE = 0.05  # of all reports: items that no topic names


class Subjects:
    """Draws items by the weight of their subject and finds the subject of an item."""

    def __init__(self, directory: Directory, topics: Sequence[Topic]) -> None:
        items = _current(directory)
        self._topic = {item.id: topic for item in items if (topic := _topic_of(item, topics))}
        self._topics = [topic for topic in topics if topic in set(self._topic.values())]
        self._items = {t.match: [i for i in items if self._topic.get(i.id) is t] for t in self._topics}
        self._rest = [item for item in items if item.id not in self._topic] or items
        self._weights = list(accumulate(topic.weight for topic in self._topics))

    def draw(self, rng: Random) -> CatalogueItem:
        """The item of a problem."""
        rare, other = rng.random() < _REST_SHARE, rng.choice(self._rest)
        if rare or not self._topics:
            return other
        return rng.choice(self._items[rng.choices(self._topics, cum_weights=self._weights)[0].match])

    def topic(self, item_id: int | None) -> Topic | None:
        """How people speak of an item, if anybody does."""
        return self._topic.get(item_id) if item_id is not None else None

    def guess(self, rng: Random, text: str) -> CatalogueItem:
        """An acceptor's reading of a text that somebody else wrote."""
        for topic in self._topics:
            if any(word in text for word in topic.match):
                return rng.choice(self._items[topic.match])
        return self.draw(rng)


def _current(directory: Directory) -> list[CatalogueItem]:
    newest = {item.code: item for item in sorted(directory.items.values(), key=lambda item: item.id)}
    return list(newest.values())


def _topic_of(item: CatalogueItem, topics: Sequence[Topic]) -> Topic | None:
    for text in (item.minor, item.name):
        for topic in topics:
            if any(word in text for word in topic.match):
                return topic
    return None
