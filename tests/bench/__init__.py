"""Measurements beside rivals, in interleaved pairs; run by `main.py bench NAME`, never by the test run."""
