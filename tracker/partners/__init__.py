"""Partner makers: other makers who share a project that is too large for us alone."""
