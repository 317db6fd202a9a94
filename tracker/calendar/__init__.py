"""The calendar: who goes where on which day, what falls on it, and the file that calendar programs read."""
