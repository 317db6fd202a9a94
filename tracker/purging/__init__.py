"""What must not be kept (private, unlawful) is purged by an administrator; that it was there stays (G18)."""
