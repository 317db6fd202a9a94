"""The blueprint that the pages of projects hang on."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("projects", __name__)
