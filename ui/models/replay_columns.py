"""The columns of whistles and orders as they stood at a past moment."""

from __future__ import annotations

from commandcenter.domain.joint import SummonsRow
from ui.models.joint_words import KIND_LABELS, JointWords
from widgets.live_table import Align, CellKind, Column
from widgets.tones import Tone


def replayed_joint_columns(words: JointWords) -> tuple[Column, ...]:
    """编号, 事由, 状态, how many of the units had come."""
    return (
        Column("no", "编号", 58, kind=CellKind.NUMBER, align=Align.LEFT, text=words.number, sort_key=lambda r: r.id,
               tone=lambda _: Tone.MUTED, tooltip=lambda r: r.no),
        Column("title", "事由", 96, stretch=1, kind=CellKind.STRONG, text=words.title, sort_key=words.title,
               tooltip=lambda r: f"{KIND_LABELS[r.kind]} {words.title(r)}\n{words.where(r)}"),
        Column("state", "状态", 66, text=words.state, sort_key=words.state),
        Column("came", "到场", 64, kind=CellKind.NUMBER, align=Align.RIGHT, text=_came, sort_key=_share,
               tooltip=lambda r: "已到场的单位 / 应到的单位"),
    )  # fmt: skip


def _came(row: SummonsRow) -> str:
    parties = row.live_parties
    return f"{sum(party.arrived_at is not None for party in parties)}/{len(parties)}"


def _share(row: SummonsRow) -> float:
    parties = row.live_parties
    return sum(party.arrived_at is not None for party in parties) / max(1, len(parties))
