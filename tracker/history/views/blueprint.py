"""The blueprint that the pages of the past hang on."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("history", __name__)
