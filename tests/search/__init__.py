"""Search of everything."""
