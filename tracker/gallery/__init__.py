"""Site photos."""
