"""The live picture: what is open now, its queues, loads and the city's clock; no threads, no Qt."""
