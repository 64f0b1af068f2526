"""audit verify|head."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Engine

from db.cli.answer import Answer
from db.cli.station import Station
from db.gateways import audit

T = TypeVar("T")

_KINDS = {
    "changed": "留痕被改动",
    "removed": "留痕被删除",
    "unsealed": "留痕绕过封存",
    "missing": "缺少留痕",
    "extra": "多出留痕",
    "chain": "封存链断裂",
    "unguarded": "留痕失去保护（触发器、行级权限或分区）",
    "head": "另存的链末不在封存链中",
}
_LOGS = {
    "admin_log": "管理记录",
    "reveal_log": "查看个人信息记录",
    "joint_event": "吹哨、会商、交办留痕",
    "camera_viewing": "查看摄像机记录",
    "phone_look": "查看网格人员电话记录",
    "camera_viewing_end": "结束查看摄像机记录",
    "wall_push": "大屏投屏记录",
}


def verify(station: Station, head: Sequence[str] = ()) -> Answer:
    """Recompute every seal and name whatever was changed, removed or put in.

    `head` are digests printed by `audit head` earlier and kept elsewhere: a chain rewritten to its end lacks them.
    """
    (found, heads), source = _asked(station, lambda engine: (audit.faults(engine, head), audit.heads(engine)))
    events, entries = sum(h.events for h in heads), sum(h.entries for h in heads)
    waiting = sum(h.waiting + h.entries_waiting for h in heads)
    mark = "✗" if found else "✓"
    checked = f"{events:,} 条留痕、{entries:,} 条管理、查看与联动记录"
    said = f"{mark} 已校验 {checked}，{len(found)} 处问题，{waiting} 条待封存"
    figures = {
        **source,
        "ok": not found,
        "events": events,
        "entries": entries,
        "faults": [_figures(f) for f in found],
    }
    return Answer(figures, (*map(_words, found), said, *_in_words(source)), ok=not found)


def _words(f: audit.Fault) -> str:
    where = [f"区 {f.district_id}"] if f.district_id is not None else []
    if f.case_id is not None:
        what = "案件" if f.subject is None else "事项"  # a whistle, meeting or task: the log is named below
        where.append(f"{what} {f.case_id} 第 {f.seq} 条")
    if f.subject is not None:
        where.append(_LOGS.get(f.subject, f.subject) + (f" 第 {f.entry} 条" if f.entry is not None else ""))
    if f.seal_id is not None:
        where.append(f"封存 {f.seal_id}")
    return f"✗ {_KINDS[f.kind]}：{' '.join(where)}"


def _figures(f: audit.Fault) -> dict[str, Any]:
    case = {"district": f.district_id, "case": f.case_id, "event": f.seq, "seal": f.seal_id}
    return {"kind": f.kind, **case, "subject": f.subject, "entry": f.entry}


def head(station: Station) -> Answer:
    """The end of the chain, to be printed and kept elsewhere."""
    heads, source = _asked(station, audit.heads)
    figures = {
        **source,
        "heads": [
            {
                "district": h.district_id,
                "seals": h.seals,
                "events": h.events,
                "head": h.digest,
                "sealed_at": str(h.sealed_at),
            }
            for h in heads
        ],
    }
    lines = (f"区 {h.district_id}  封存 {h.seals}  留痕 {h.events:,}  {h.digest}" for h in heads)
    return Answer(figures, (*lines, *_in_words(source)))


def _asked(station: Station, question: Callable[[Engine], T]) -> tuple[T, dict[str, Any]]:
    """The answer, of the replica if one was given; and where it came from."""
    reader = station.reports()
    if reader is None:
        return question(station.owner), {}
    try:
        answer, state = reader.answer(question), reader.state
    finally:
        reader.close()
    return answer, {"reader": asdict(state)} if state else {}


def _in_words(source: dict[str, Any]) -> tuple[str, ...]:
    if not source:
        return ()
    state = source["reader"]
    if state["source"] == "primary":
        return (f"由主库回答：{state['reason']}",)
    as_of = datetime.fromtimestamp(state["as_of"]).astimezone().strftime("%Y-%m-%d %H:%M:%S")
    lost = f"；{state['reason']}" if state["alone"] else ""
    return (f"由报表库回答，数据截至 {as_of}，落后 {state['behind_s']:.0f} 秒{lost}",)
