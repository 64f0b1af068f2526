"""The hall screen 一屏观天下: scenes of panels, drawn for the distance it is read from."""
