"""The project tracking matrix: records, tasks, evidence, moves, approvals."""
