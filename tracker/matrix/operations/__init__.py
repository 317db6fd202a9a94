"""What can be done in the matrix. Each asks the engine, changes, records one event and flushes; nothing commits."""
