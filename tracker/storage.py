"""Placeholder until the real one lands."""
from pathlib import Path
class StorageFull(Exception): pass
class Storage:
    def __init__(self, root): self.root = Path(root)
    def put(self, key, data):
        p = self.root / key; p.parent.mkdir(parents=True, exist_ok=True); p.write_bytes(data)
    def open(self, key): return open(self.root / key, "rb")
    def delete(self, key): (self.root / key).unlink(missing_ok=True)
    def exists(self, key): return (self.root / key).exists()
def open_storage(root): return Storage(root)
