"""Whistles (吹哨), joint orders (联合执法令), meetings and tasks of the simulated city.

What comes next is a function of a matter's row: nothing is remembered but what a row does not tell. So whistles that
people blew are answered by the simulated units as well.
"""
