"""Making reports and sending them on, adding remarks, arranging their form, choosing what comes by mail."""
