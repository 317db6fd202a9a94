"""The blueprint that the pages about people hang on."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("team", __name__)
