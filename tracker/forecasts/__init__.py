"""What salespeople believe a project will bring and when, beside what the records support."""
