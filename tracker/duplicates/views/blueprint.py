"""The blueprint that the pages about things that look alike hang on."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("duplicates", __name__)
