"""Crosses between threads, asyncio and Qt: the database never runs on the GUI thread."""
