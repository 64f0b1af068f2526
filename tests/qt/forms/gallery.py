"""Renders the forms over the 东城 profile: python tests/qt/forms/gallery.py OUT_DIR."""

import os
import sys
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt  # noqa: E402
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QApplication, QWidget  # noqa: E402

from commandcenter.domain.duplicates import Candidate  # noqa: E402
from commandcenter.domain.errors import InvalidInput  # noqa: E402
from commandcenter.domain.model import Directory  # noqa: E402
from commandcenter.domain.recommend import recommend  # noqa: E402
from commandcenter.domain.workflow import load_workflow  # noqa: E402
from tests.qt.forms.samples import context_of  # noqa: E402
from tests.support.small_city import PEDDLER, case, city  # noqa: E402
from ui.forms.action_form import ActionForm  # noqa: E402
from ui.forms.classify_form import ClassifyForm  # noqa: E402
from ui.forms.intake_form import IntakeForm  # noqa: E402
from ui.forms.reveal_dialog import RevealDialog  # noqa: E402
from widgets.fonts import install_fonts  # noqa: E402
from widgets.theme import apply_theme, load_theme  # noqa: E402

LIKE = [
    Candidate(7, "2610-000981", "和平里北街路口污水井盖不见了", "同网格 · 同小类 · 文字相近 82%", 0.9),
    Candidate(8, "2610-000975", "井盖松动，车过有响声", "同网格", 0.5),
]
TEXT = "和平里北街路口污水井盖没了，昨晚有人差点掉下去，很危险"


def with_suggestions(directory: Directory):
    """The small city with recommended units in the forms."""

    def suggest(row):
        return recommend(row, directory.items.get(row.item_id), directory, {}, {})

    return replace(context_of(directory), suggest_units=suggest)


def intake(context) -> IntakeForm:
    """An intake half done."""
    form = IntakeForm(context)
    form.similar_wanted.connect(lambda *_: form.set_similar(LIKE))
    form.set_values({"description": TEXT, "address": "安德里北街21号 青年湖05-3", "reporter_phone": "13900000000"})
    return form


def forms(context):
    """Every form by name, and what to do with it once it is shown."""
    action = load_workflow().action
    row = case(item_id=PEDDLER, summary="小贩占道经营", handler_id=10, unit_id=10)
    yield "intake", intake(context), lambda form: form._editors["item_id"].setFocus()
    yield "dispatch", ActionForm(action["dispatch"], context, row), lambda form: form.focus_first()
    yield "suspend", ActionForm(action["suspend"], context, replace(row, state="in_progress")), _fill_suspend
    yield "extension", ActionForm(action["request_extension"], context, replace(row, state="in_progress")), _submit
    yield "follow_up", ActionForm(action["follow_up"], context, replace(row, state="verified")), _submit
    yield "force_close", ActionForm(action["force_close"], context, row), _arm
    merge = ActionForm(action["merge"], context, replace(row, state="reported"))
    yield "merge", merge, lambda form: form.set_candidates(LIKE)
    yield "feedback", ActionForm(action["feedback"], context, replace(row, state="in_progress")), _refused
    plain = case(state="accepted", item_id=None, grid_id=None, summary=TEXT[:20])
    classify = ClassifyForm(action["classify"], context, plain, TEXT, "青年湖社区")
    yield "classify", classify, lambda form: form.focus_first()
    yield "reveal", RevealDialog("王**", "139****0000"), lambda dialog: dialog.form.submit()


def _fill_suspend(form: ActionForm) -> None:
    form.set_values({"until": "2026-10-08T09:00+08:00", "reason": "等待产权单位到场"})


def _submit(form: ActionForm) -> None:
    form.submit()


def _arm(form: ActionForm) -> None:
    form.set_values({"reason": "现场已无法恢复，报区领导同意"})
    form.submit()


def _refused(form: ActionForm) -> None:
    form.set_values({"result": "已劝离，现场恢复"})
    form.submit()
    form.set_error(InvalidInput("该小类反馈须上传处置后照片"))


def shoot(app: QApplication, widget: QWidget, act, path: Path, size: tuple[int, int]) -> None:
    """Show, act, grab."""
    widget.setProperty("role", "background")
    widget.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    widget.resize(*size)
    widget.show()
    widget.activateWindow()
    QTest.qWait(50)
    act(widget)
    QTest.qWait(250)
    widget.grab().save(str(path))
    widget.close()


def main(out: Path) -> None:
    """All forms, two themes, two sizes."""
    app = QApplication([])
    install_fonts()
    out.mkdir(parents=True, exist_ok=True)
    for theme, density, wide in (("dark", "normal", 460), ("light", "comfortable", 760)):
        apply_theme(app, load_theme(theme, density))
        for name, form, act in forms(with_suggestions(city())):
            size = (wide * 2, 720) if name == "intake" else (wide, 560)
            shoot(app, form, act, out / f"{name}_{theme}.png", size)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
