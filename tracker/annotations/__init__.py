"""What leaders say about a piece of work: they ask, instruct or praise; it stays open until it is answered."""
