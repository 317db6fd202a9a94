"""The window radar: which category windows close next, and the visit to make about it today."""
