"""应急: one event for wall and desks."""
