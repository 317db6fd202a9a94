"""Reads of reports: what happened in a period, loaded for many people at once; reports that were kept."""
