"""Theme and density of the whole application, changed while it runs and remembered."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from ui.app.preferences import Preferences, sensible_scale
from widgets.theme import apply_theme, load_theme


class Looks:
    """Applies what the preferences say."""

    def __init__(self, app: QApplication, preferences: Preferences) -> None:
        self._app, self._preferences = app, preferences
        self.theme, self.density = preferences.theme, preferences.density

    def apply(self) -> None:
        """Dress every window."""
        screen = QGuiApplication.primaryScreen()
        scale = sensible_scale(screen.size().height(), screen.devicePixelRatio()) if screen else 1.0
        apply_theme(self._app, load_theme(self.theme, self.density, scale))

    def set_theme(self, name: str) -> None:
        """dark or light."""
        self.theme = self._preferences.theme = name
        self.apply()

    def set_density(self, name: str) -> None:
        """compact, normal or comfortable."""
        self.density = self._preferences.density = name
        self.apply()

    def toggle_theme(self) -> None:
        """The other theme."""
        self.set_theme("light" if self.theme == "dark" else "dark")
