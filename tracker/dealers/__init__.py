"""Dealers: who they are to us, what they buy, sell and hold, how they are judged and what follows from it."""
