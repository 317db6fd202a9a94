"""People at the firms: their posts over time, how to reach them, whom they know, what they agreed to."""
