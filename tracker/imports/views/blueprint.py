"""The blueprint that the pages of imports hang on."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("imports", __name__)
