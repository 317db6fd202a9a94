"""What can be done to dealers, and what the worker does about them."""
