"""The blueprint that the gallery's pages hang on."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("gallery", __name__)
