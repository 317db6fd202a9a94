"""Database and media in one file, the same for every database: from SQLite one may move to PostgreSQL and back.

A backup is a tar (compressed where its name says so) of

* `media/<key>`: the stored bytes,
* `tables/<table>.jsonl`: the rows, a JSON array a line in the order of the manifest's columns,
* `manifest.json`, last: version, migration, columns and rows of each table, size and SHA-256 of every file.
"""
