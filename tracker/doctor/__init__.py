"""What `tracker doctor` examines. Each module yields findings about one part; nothing is changed by looking.

Only `installation` writes: a probe of a few bytes into the media folder, which it removes again; and `mending`, when
asked to.
"""
