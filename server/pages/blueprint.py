"""The desk's one blueprint. Each page module puts its views on it; `server.pages.mount` puts it on the app."""

from flask import Blueprint

desk = Blueprint("desk", __name__, url_prefix="/desk", template_folder="templates")
