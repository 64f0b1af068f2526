"""duty: the rounds, by a service or by hand."""

from __future__ import annotations

import threading

from commandcenter.domain.duty_state import PART_LABELS
from db.cli.answer import Answer
from db.cli.station import Station
from db.duty import duty_engine, run_once, run_until
from db.gateways.duty_state import read_duty_state


def duty(station: Station, once: bool, stop: threading.Event) -> Answer:
    """Run the duties, once or until told to stop. The address may name any person's login."""
    engine = duty_engine(station.server.url)
    try:
        if not once:
            run_until(engine, stop)
            return Answer({"stopped": True}, ("值守任务已停止",))
        done = run_once(engine)
        state = read_duty_state(engine)
    finally:
        engine.dispose()
    lines = [f"{label} {done[part]}" for part, label in PART_LABELS.items() if part in done]
    faults = [f"✗ {PART_LABELS.get(f.part, f.part)}：{f.message}（自 {f.since:%Y-%m-%d %H:%M}）" for f in state.faults]
    if "elsewhere" in done:
        lines.append("另一程序正在值守")
    return Answer(done, ("；".join(lines), *faults), ok="failed" not in done)
