"""Whistles (吹哨) and joint orders (联合执法): board, lanes, ratings."""
