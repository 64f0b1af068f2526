"""Qt's own words (file and print dialogs, menus of text fields) in Chinese like everything else."""

from __future__ import annotations

import logging

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

log = logging.getLogger(__name__)

# What Qt's own translation of 6.11 leaves in English, by context.
_LEFT_OUT = {
    ("QFileDialog", "&Look in:"): "位置(&I)：",
    ("QFileDialog", "Files of &type:"): "文件类型(&T)：",
    ("QAbstractFileIconProvider", "Drive"): "磁盘",
    ("QAbstractFileIconProvider", "Folder"): "文件夹",
    ("QPrintSettingsOutput", "Page &Set:"): "页面(&S)：",
    ("QPageSetupWidget", "Page &order:"): "页序(&O)：",
    ("QPageSetupWidget", "Pages &per sheet:"): "每张页数(&P)：",
    ("QCupsJobWidget", "&Billing information:"): "计费信息(&B)：",
    ("QCupsJobWidget", "&Start:"): "起始页(&S)：",
    ("QCupsJobWidget", "&End:"): "结束页(&E)：",
    ("QCupsJobWidget", "Job &priority:"): "优先级(&P)：",
    ("QCupsJobWidget", "Scheduled &printing:"): "定时打印(&P)：",
}


class _LeftOut(QTranslator):
    """Asked only for what Qt's own translation does not know."""

    def isEmpty(self) -> bool:
        """Never: an empty one is not asked."""
        return False

    def translate(self, context: str, source: str, _disambiguation: str | None = None, _n: int = -1) -> str | None:
        """None, for Qt would take "" for a translation and show nothing."""
        return _LEFT_OUT.get((context, source))


def speak_chinese(app: QApplication) -> bool:
    """Load Qt's translation; False (and a line in the log) where the installation lacks it."""
    QLocale.setDefault(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
    app.installTranslator(_LeftOut(app))  # first: the one installed last is asked first
    translator = QTranslator(app)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if not translator.load("qtbase_zh_CN", folder):
        log.warning("no Chinese translation of Qt in %s", folder)
        return False
    return app.installTranslator(translator)
