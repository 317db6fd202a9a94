"""The pages of the past: a project on a day, and its replay."""

from flask import Blueprint

blueprint = Blueprint("history", __name__)
BLUEPRINTS = (blueprint,)
