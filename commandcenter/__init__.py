"""The core of the command center: rules, use cases and ports, without Qt and without SQL."""
