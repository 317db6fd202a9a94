"""What is done with registrations and where two claim one site."""
