"""Street scenes as a fixed camera sees them, drawn with numpy; nothing in them is anybody's picture."""
