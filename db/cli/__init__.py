"""The words of the command line that need no screen; main.py dispatches to them."""
