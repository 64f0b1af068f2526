"""The Qt application: windows, screens, item models and the bridge to the core."""
