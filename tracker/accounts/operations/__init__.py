"""What can be done to key accounts, their agreements and what is kept of them."""
