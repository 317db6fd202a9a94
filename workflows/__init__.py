"""The matrix workflow engine: pure Python, no web, no database, no clock.

Definitions (YAML) are loaded and checked, facts about a project go in, boards and decisions come out.
"""
