"""Qt's own words (file dialog, menus of text fields) in Chinese like everything else."""

from __future__ import annotations

import logging

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

log = logging.getLogger(__name__)


def speak_chinese(app: QApplication) -> bool:
    """Load Qt's translation; False (and a line in the log) where the installation lacks it."""
    QLocale.setDefault(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
    translator = QTranslator(app)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if not translator.load("qtbase_zh_CN", folder):
        log.warning("no Chinese translation of Qt in %s", folder)
        return False
    return app.installTranslator(translator)
