"""Handing over: all that is somebody's goes to others, and what they must know is told from the records."""
