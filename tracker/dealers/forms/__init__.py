"""Forms about dealers. They check shape; what is allowed the operations decide."""
