"""Shapes plain values of the core into what the widgets show."""
