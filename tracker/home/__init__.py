"""Today: what is due, planned, late and waiting for the one who looks."""
