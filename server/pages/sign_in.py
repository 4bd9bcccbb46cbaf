"""Signing in and out, and the first change of a one-time password."""

from flask import make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from server import clock
from server.pages.blueprint import desk
from server.pages.frame import page, session
from server.pages.phrases import gettext
from server.pages.words import LANGUAGE_COOKIE, LANGUAGES, said
from server.people import door, sign_in
from server.people.policy import policy
from server.people.sign_in import Knock, SignedIn
from server.people.throttle import network_of
from server.queries import desk_units
from sync.problems import Fault, Problem


@desk.get("/sign-in", endpoint="sign_in")
@policy("public")
def form() -> ResponseReturnValue:
    return _page(next_=request.args.get("next"))


@desk.post("/sign-in", endpoint="sign_in_now")
@policy("public")
def enter() -> ResponseReturnValue:
    knock = Knock(
        login=request.form.get("login", ""),
        password=request.form.get("password", ""),
        network=network_of(request.remote_addr),
        browser=door.browser_token(),
    )
    try:
        signed_in = sign_in.sign_in_with(knock, clock.now())
    except Problem as problem:
        return _refused(problem, knock.login)
    return _let_in(signed_in, door.next_path(request.form.get("next")))


@desk.post("/sign-out")
@policy("desk:any")
def sign_out() -> ResponseReturnValue:
    sign_in.sign_out(door.session_token(), clock.now())
    response = make_response(redirect(url_for("desk.sign_in"), 303))
    door.drop_session_cookie(response)
    return response


@desk.post("/sign-in/language")
@policy("public")
def sign_in_language() -> ResponseReturnValue:
    wanted = request.form.get("language")
    response = make_response(redirect(url_for("desk.sign_in"), 303))
    if wanted in LANGUAGES:
        response.set_cookie(
            LANGUAGE_COOKIE, wanted, max_age=34_560_000, httponly=True, samesite="Lax", secure=request.is_secure
        )
    return response


@desk.get("/password")
@policy("desk:any")
def password() -> ResponseReturnValue:
    return page("password.html", section="account", faults={})


@desk.post("/password", endpoint="password_now")
@policy("desk:any")
def change_password() -> ResponseReturnValue:
    old, new = request.form.get("old", ""), request.form.get("new", "")
    try:
        if new != request.form.get("again", ""):
            raise Problem(
                "password-refused", errors=[Fault("/again", gettext("Hai lần gõ mật khẩu mới không giống nhau."))]
            )
        signed_in = sign_in.change_password(door.principal(), old, new, clock.now())
    except Problem as problem:
        return page("password.html", section="account", faults=faults_of(problem)), problem.status
    return _let_in(signed_in, url_for("desk.home"))


def faults_of(problem: Problem) -> dict[str, str]:
    """What is wrong, by the name of the field; "" holds what belongs to none."""
    named = {fault.pointer.lstrip("/"): fault.detail for fault in problem.errors if isinstance(fault, Fault)}
    return named or {"": problem.detail or problem.title}


def _let_in(signed_in: SignedIn, where: str) -> ResponseReturnValue:
    response = make_response(redirect(door.PASSWORD_PATH if signed_in.must_change_password else where, 303))
    door.set_cookies(response, signed_in)
    return response


def _refused(problem: Problem, login: str) -> ResponseReturnValue:
    """One sentence for an unknown name and for a wrong password (R15)."""
    if problem.type == "too-many-attempts":
        seconds = dict(problem.headers).get("Retry-After", "60")
        words = gettext("Thử quá nhiều lần. Đợi %(seconds)s giây rồi thử lại.", seconds=seconds)
    else:
        words = gettext("Tên đăng nhập hoặc mật khẩu không đúng.")
    return _page(words, login, request.form.get("next")), problem.status, dict(problem.headers)


def _page(refusal: str | None = None, login: str = "", next_: str | None = None) -> str:
    plans = desk_units.plans(session())
    return page(
        "sign_in.html",
        refusal=refusal,
        login=login,
        next=next_,
        plan=said(plans[-1].label) if plans else None,
    )
