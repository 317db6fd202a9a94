"""The blueprint that the pages of handing over hang on."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("handover", __name__)
