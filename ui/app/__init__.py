"""The application around the screens: start, login, windows, command line, preferences, errors."""
