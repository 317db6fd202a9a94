"""Invitations, rewards and hospitality: entered before, given by the rules, with their papers after."""
