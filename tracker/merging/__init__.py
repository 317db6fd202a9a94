"""Making one of two leads, projects, firms or people that are the same; nothing is lost, and it can be undone."""
