"""Who is out of office from when to when, where, why, and who stands in."""
