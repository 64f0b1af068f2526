"""The ports of the core, implemented over PostgreSQL."""
