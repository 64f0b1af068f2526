"""Use cases over the ports, one module per group of intents."""
