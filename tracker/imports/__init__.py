"""Importing: files of leads, projects, parties and contacts, from upload to undo."""
