"""Decoding of cameras' streams in processes of their own; knows no Qt and no database."""
