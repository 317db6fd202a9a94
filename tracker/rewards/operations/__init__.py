"""Changing rewards and occasions."""
