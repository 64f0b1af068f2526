"""Channels (渠道) offered at intake, by name or initials."""

from commandcenter.domain.model import Directory
from commandcenter.domain.pinyin import initials_at, is_initials
from ui.forms.option import Option

_LIMIT = 24


class ChannelOptions:
    """Keys are channel codes."""

    def __init__(self, directory: Directory) -> None:
        self._channels = {c.code: c for c in directory.channels.values()}

    def default(self) -> str | None:
        """The channel to begin with: the first by which citizens call."""
        return next((code for code, c in self._channels.items() if c.citizen), next(iter(self._channels), None))

    def title(self, code: object) -> str:
        """A channel's name."""
        return self._channels[code].name if code in self._channels else str(code)

    def __call__(self, text: str) -> list[Option]:
        """All channels while nothing is typed, otherwise those that match."""
        text = text.strip()
        return [
            Option(c.code, c.name, "群众诉求" if c.citizen else "主动发现" if c.proactive else "")
            for c in self._channels.values()
            if not text or text in c.name or (is_initials(text) and initials_at(text.lower(), c.name) is not None)
        ][:_LIMIT]
