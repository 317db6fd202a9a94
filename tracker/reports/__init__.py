"""Reports that write themselves: made of records alone, remarked upon, kept as sent, delivered."""
