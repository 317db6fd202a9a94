"""The blueprint that the matrix's pages hang on."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("matrix", __name__)
