"""Placeholder until the real one lands."""
def firm_key(name: str) -> str:
    return "".join(name.casefold().split())
