"""Planning: putting onto a day, moving, calling off, keeping."""
