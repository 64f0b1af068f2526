"""Where things are in 无极: a point, a grid and cases of two districts."""

from __future__ import annotations

from typing import Any

from tests.support.hands import Hands

A, B = "990101", "990121"  # 明湖区 and 安澜县


def point_in(hands: Hands, district: str) -> tuple[float, float]:
    """A point inside a grid of a district's first street."""
    sql = "select (shape::polygon)::text from cc.grid where id = %s"
    numbers = [float(n) for n in hands.sql(sql, grid_of(hands, district)).replace("(", "").replace(")", "").split(",")]
    corners = list(zip(numbers[::2], numbers[1::2], strict=True))[:3]
    return sum(x for x, _ in corners) / 3, sum(y for _, y in corners) / 3


def grid_of(hands: Hands, district: str) -> int:
    """The first grid of a district's first street."""
    return int(hands.sql("select min(id) from cc.grid where key like %s", f"{district}001001%"))


def reported(hands: Hands, district: str, who: str = "", **facts: Any) -> int:
    """A case in a district's first grid, told by its acceptor."""
    given = {"channel": "patrol", "description": "有积水", "grid_id": grid_of(hands, district), **facts}
    return int(hands.report_answer(who or _centre(district, "s1"), given)["case_id"])


def filed(hands: Hands, district: str, item: str = "道路积水") -> int:
    """A case that waits for dispatch."""
    case = reported(hands, district, item_id=hands.item(item))
    for action in ("accept", "file"):
        hands.act(_centre(district, "s1"), case, action)
    return case


def _centre(district: str, post: str) -> str:
    return f"{'q01' if district == A else 'q07'}_{post}"
