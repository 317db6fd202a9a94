"""What the worker does for all (winding clocks, delivering, mailing, leading) and what readers do for themselves."""
