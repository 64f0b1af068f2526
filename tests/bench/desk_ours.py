"""The whole program started as a clerk starts it, watched from inside its own process.

python -m tests.bench.desk_ours SPEC prints one JSON object; SPEC is the JSON of tests.bench.desk_spec.Spec.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from typing import TYPE_CHECKING, Any

from tests.bench.desk_spec import Spec

if TYPE_CHECKING:
    from ui.app.start import Program
    from ui.app.window import MainWindow


def main(spec: Spec) -> dict[str, Any]:
    """Figures of one run; the program's own words `run --database … --user …` do the rest."""
    from PySide6.QtCore import QTimer

    import main as program
    import ui.app.start as start

    figures: dict[str, Any] = {}
    held: list[asyncio.Task[None]] = []  # the loop holds its tasks weakly

    def watched(made: Program) -> Program:
        # The program's loop does not run yet; by then it does.
        QTimer.singleShot(0, lambda: held.append(asyncio.ensure_future(_watch(made, spec, figures))))
        return made

    start.watched = watched
    code = program.main(["run", "--database", spec.address, "--user", spec.login, "--no-simulator"])
    if code or not figures.get("done"):
        raise RuntimeError(f"the desk ended with {code}: {figures}")
    return figures


async def _watch(program: Program, spec: Spec, figures: dict[str, Any]) -> None:
    from tests.bench.desk_watch import DeskWatch

    failure: BaseException | None = None
    try:
        window = await _window(program)
        await DeskWatch(window, spec, figures).run()
        figures["done"] = True
    except Exception as error:  # noqa: BLE001 - the program must end; what went wrong is raised by main()
        failure = error
    if failure is not None:
        figures["failed"] = repr(failure)
    for window in list(program.windows):
        window.close()


async def _window(program: Program) -> MainWindow:
    while not program.windows:
        await asyncio.sleep(0)
    return program.windows[0]


if __name__ == "__main__":
    print(json.dumps(main(Spec(**json.loads(sys.argv[1]))) | {"ended": time.monotonic()}))
