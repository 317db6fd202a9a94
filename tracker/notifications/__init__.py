"""What falls due: found by the engine, delivered once by the worker, read by those whom it concerns."""
