"""Dealers' registrations of sites: the register, protection, and what is decided where two claim one site."""
