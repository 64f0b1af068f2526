"""地图: the territory with its cases, whistles, workers and cameras."""
