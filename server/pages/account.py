"""The own account: who I am here, the language, and on phones the rest of the navigation."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from server.db import transaction
from server.pages.blueprint import desk
from server.pages.frame import page, session
from server.pages.words import LANGUAGES
from server.people import door
from server.queries import desk_people, desk_units


@desk.get("/account")
def account() -> ResponseReturnValue:
    me = door.principal()
    units = {unit.id: unit for unit in desk_units.by_ids(session(), (grant.unit_id for grant in me.grants))}
    return page("account.html", section="account", units=units)


@desk.post("/account/language")
def account_language() -> ResponseReturnValue:
    wanted = request.form.get("language", "")
    if wanted in LANGUAGES:
        with transaction() as writing:
            desk_people.set_language(writing, door.principal().account_id, wanted)
    return redirect(url_for("desk.account"), 303)


@desk.get("/more")
def more() -> ResponseReturnValue:
    return page("more.html", section="more")
