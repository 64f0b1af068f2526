"""Draws the schematic (示意) and sample data of a profile where no published list exists."""
