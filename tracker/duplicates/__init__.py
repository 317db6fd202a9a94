"""Nothing twice: the index of match keys, what looks like what, and requests about sites that are on record already."""
