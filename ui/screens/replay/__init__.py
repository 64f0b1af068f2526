"""回放: the bar below the map, queues and lists of then beside it."""
