"""One search over everything the user may see."""
