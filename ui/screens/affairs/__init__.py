"""会商督办: meetings, tasks and rectifications, and the ledger that whistles clear."""
