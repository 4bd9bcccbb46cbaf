"""The desk (`/desk`): pages for reviewers, staff and administrators, rendered here, usable without JavaScript.

Views load, call one function and render. What a figure or a decision is, is left to `coverage` and `review`.
"""

from flask import Flask, g

from server.pages import (  # noqa: F401  each module puts its views on the blueprint
    account,
    assets,
    declarations,
    form_acts,
    form_files,
    forms,
    people,
    photos,
    plan,
    record,
    records,
    registers,
    sign_in,
    t2_modes,
    units,
    words,
)
from server.pages.blueprint import desk
from server.pages.frame import session
from server.people.policy import cover
from server.queries.desk_people import language_of

__all__ = ["mount"]


def mount(app: Flask) -> None:
    """Puts the desk on the app. A page that names no policy opens to whoever has a role of the desk."""
    words.mount(app)
    assets.mount(app)
    app.register_blueprint(desk)
    cover(app, "desk", "desk:any")


@desk.before_request
def speak_their_language() -> None:
    """The guard has run: the language of the account is known from here on."""
    if me := g.get("lantoa_principal"):
        g.desk_language = language_of(session(), me.account_id)
