"""The door of the desk: cookies, who is there, and whether a request was meant by them (R9, R10).

`/desk` knows people by cookie only; bearer tokens mean nothing here (D22). Sign-in itself is left to `sign_in`.
"""

import hmac
import re
from urllib.parse import quote

from flask import Response, g, redirect, request
from flask.typing import ResponseReturnValue

from server import clock
from server.people import sign_in
from server.people.policy import Policy
from server.people.principal import Principal
from server.people.sign_in import KNOWN_FOR, SignedIn
from sync import problems
from sync.problems import Problem

SESSION_COOKIE = "__Host-lantoa"
BROWSER_COOKIE = "__Host-lantoa-browser"
SIGN_IN_PATH = "/desk/sign-in"
SIGN_OUT_PATH = "/desk/sign-out"
PASSWORD_PATH = "/desk/password"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
KNOWN_PATH = re.compile(r"/desk(/[A-Za-z0-9_@.~-]+)*/?(\?[A-Za-z0-9_@.~=&%+:,-]*)?")

problems.add("sign-in-needed", 401, "Sign in first")
problems.add("role-missing", 403, "Your role does not allow this")
problems.add("request-foreign", 403, "The request did not come from this service's own page")


def principal() -> Principal:
    """Who is at the desk. Only behind a `desk:` policy."""
    found: Principal = g.lantoa_principal
    return found


def guard_desk(policy: Policy) -> ResponseReturnValue | None:
    """Lets pass who is signed in, meant it and has one of the roles; sends others where they can become so."""
    present = sign_in.presence(request.cookies.get(SESSION_COOKIE, ""), clock.now(), clock.today())
    if present is None:
        return _to_sign_in()
    g.lantoa_principal = present.principal
    if request.method not in SAFE_METHODS:
        refuse_foreign()
        _refuse_without_csrf(present.principal)
    if present.must_change_password and request.path not in (PASSWORD_PATH, SIGN_OUT_PATH):
        return redirect(PASSWORD_PATH, 303)
    if not present.principal.has(*policy.roles):
        raise Problem("role-missing")
    return None


def guard_public(_policy: Policy) -> ResponseReturnValue | None:
    """Signing in needs no session, but it must come from our own page; phones bear a token and need no such check."""
    if request.method not in SAFE_METHODS and request.path.startswith("/desk"):
        refuse_foreign()
    return None


def refuse_foreign() -> None:
    """Sec-Fetch-Site decides where it is sent. Origin alone cannot: under `no-referrer` a form sends `Origin: null`."""
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    own = request.host_url.rstrip("/")
    if site is not None and site not in ("same-origin", "none"):
        raise Problem("request-foreign")
    if origin is not None and origin != own and (site is None or origin != "null"):
        raise Problem("request-foreign")


def next_path(wanted: str | None) -> str:
    """`wanted` where it is a path of the desk, else the desk: never another site (R30)."""
    return wanted if wanted and KNOWN_PATH.fullmatch(wanted) and wanted != SIGN_IN_PATH else "/desk"


def set_cookies(response: Response, signed_in: SignedIn) -> None:
    """Both end with a new sign-in or a sign-out; the second only says that this browser has been here (R16)."""
    response.set_cookie(SESSION_COOKIE, signed_in.token, secure=True, httponly=True, samesite="Lax", path="/")
    response.set_cookie(
        BROWSER_COOKIE,
        signed_in.browser,
        max_age=KNOWN_FOR,
        secure=True,
        httponly=True,
        samesite="Lax",
        path="/",
    )


def drop_session_cookie(response: Response) -> None:
    response.delete_cookie(SESSION_COOKIE, secure=True, httponly=True, samesite="Lax", path="/")


def session_token() -> str:
    return request.cookies.get(SESSION_COOKIE, "")


def browser_token() -> str | None:
    return request.cookies.get(BROWSER_COOKIE)


def _to_sign_in() -> ResponseReturnValue:
    if request.method not in SAFE_METHODS:
        raise Problem("sign-in-needed")
    wanted = request.full_path.rstrip("?")
    return redirect(f"{SIGN_IN_PATH}?next={quote(wanted, safe='/')}", 303)


def _refuse_without_csrf(present: Principal) -> None:
    if not hmac.compare_digest(request.form.get("csrf", "").encode(), present.csrf.encode()):
        raise Problem("request-foreign")
