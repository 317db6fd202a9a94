"""Tables that people hand in: reading them warily, and writing them so that they open everywhere."""
