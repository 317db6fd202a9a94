"""What decides who has a lead."""
