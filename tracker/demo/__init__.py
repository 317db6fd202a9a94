"""The demo company: invented names, drawn site pictures and what fills `make run` with life."""
