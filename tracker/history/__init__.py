"""Any past day: where projects stood when, the board of a past day, the replay, and the corridor of those won."""
