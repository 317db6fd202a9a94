"""The calendar's blueprint."""

from flask import Blueprint

blueprint = Blueprint("calendar", __name__)
