"""What can be done with leads: capture, judge, convert, import. Nothing commits but the import's own chunks."""
