"""The blueprint that the pages of leads hang on."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("leads", __name__)
