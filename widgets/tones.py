"""What a colour may mean on screen: a state, never decoration."""

from enum import Enum


class Tone(Enum):
    """State behind a colour; a word or a shape always goes with it."""

    NORMAL = "text"
    MUTED = "text_muted"
    FAINT = "text_faint"
    ACTION = "action"
    OK = "ok"
    NEAR = "near"
    OVERDUE = "overdue"
    MULTI = "multi"
    SENDING = "sending"
