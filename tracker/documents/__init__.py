"""Documents: papers and drawings on leads and projects, kept as they came and handed out as files only."""
