"""Signing in at the desk: attempts, sessions, the own password.

Sessions live on the server, their tokens are stored hashed; a new token at every sign-in (R6, R7). Cookies and
redirects are left to `door`, pages to the desk. Opens its own transactions: a failed try must be kept.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from server import audit
from server.db import db, transaction
from server.people import passwords, throttle
from server.people.principal import GrantSpan, Principal
from server.people.throttle import Limit
from server.queries import people, sign_in
from server.queries.people import AccountRow
from server.queries.sign_in import DeskSessionRow
from sync import problems
from sync.problems import Fault, Problem

IDLE = timedelta(minutes=60)
ABSOLUTE = timedelta(hours=12)
KNOWN_FOR = timedelta(days=400)
TOUCH_AFTER = timedelta(minutes=1)
TOKEN_BYTES = 32
LONGEST_LOGIN = 100

# A browser that has signed in before has its own count; strangers cannot slow it down.
KNOWN_BROWSER = Limit(free=10, longest_s=60)
ONE_ACCOUNT_FROM_ONE_NETWORK = Limit(free=10, longest_s=60)
ONE_OLD_PASSWORD = Limit(free=10, longest_s=60)
ONE_ACCOUNT = Limit(free=20, longest_s=10)
ONE_NETWORK = Limit(free=30, longest_s=60)
EVERYBODY = Limit(free=300, longest_s=2)

problems.add("sign-in-refused", 401, "The login or the password is wrong")
problems.add("password-refused", 422, "The new password is refused")


@dataclass(frozen=True, slots=True)
class Knock:
    """One try to sign in. `browser` is what the browser's long-lived cookie says, if it has one."""

    login: str
    password: str
    network: str
    browser: str | None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What goes into the two cookies; `must_change_password`: nothing else is open until it is changed."""

    token: str
    browser: str
    must_change_password: bool


@dataclass(frozen=True, slots=True)
class Presence:
    """A living session: who, and whether they must change their password first."""

    principal: Principal
    must_change_password: bool


def sign_in_with(knock: Knock, at: datetime) -> SignedIn:
    """Raises Problem `sign-in-refused` (401) or `too-many-attempts` (429, Retry-After)."""
    login = knock.login.strip().lower()[:LONGEST_LOGIN]
    with transaction() as session:
        charged = throttle.charge(session, _limits(session, login, knock, at), at)
        account = people.account_by_login(session, login)
    stored = account.password_hash if account and account.active else None
    right = passwords.verify(knock.password[: passwords.LONGEST], stored)
    if account is None or not right:
        _note_refusal(account, at)
        raise Problem("sign-in-refused")
    return _let_in(account, knock, charged, at)


def sign_out(token: str, at: datetime) -> None:
    with transaction() as session:
        row = sign_in.desk_session(session, hashed(token))
        if row is not None:
            sign_in.close_session(session, row.token_hash)
            audit.note(session, "sign-out", f"account:{row.account_id}", row.account_id, None, None, at)


def presence(token: str, at: datetime, day: date) -> Presence | None:
    """Who holds this token; None when the session is unknown, too old or idle, or the account is closed (R5, R8)."""
    session: Session = db.session()
    row = sign_in.desk_session(session, hashed(token))
    if row is None or at >= row.expires_at or at - row.seen_at >= IDLE:
        return None
    account = people.account_by_id(session, row.account_id)
    if account is None or not account.active:
        return None
    principal = _principal(account, people.grants_on(session, account.id, day), row.csrf)
    if at - row.seen_at >= TOUCH_AFTER:
        _touch(row.token_hash, at)
    return Presence(principal, account.must_change_password)


def change_password(principal: Principal, old: str, new: str, at: datetime) -> SignedIn:
    """Ends every session of the account and opens a new one (R7). Raises `password-refused` with pointers, or 429."""
    with transaction() as session:
        charged = throttle.charge(session, {throttle.key_of("password", principal.uid): ONE_OLD_PASSWORD}, at)
        account = people.account_by_id(session, principal.account_id)
    if account is None or not passwords.verify(old, account.password_hash):
        raise Problem("password-refused", errors=[Fault("/old", "Mật khẩu hiện tại không đúng.")])
    if fault := _fault_in_new(old, new, principal.login):
        raise Problem("password-refused", errors=[Fault("/new", fault)])
    stored = passwords.derive(new)
    with transaction() as writing:
        throttle.refund(writing, charged)
        people.set_password(writing, account.id, stored, must_change=False)
        sign_in.close_sessions_of(writing, account.id)
        audit.note(writing, "password.changed", f"account:{account.uid}", account.id, None, None, at)
        return _open(writing, account.id, None, False, at)


def hashed(token: str) -> str:
    """How a token is kept. A token has 256 random bits: one hash is enough, and equal hashes leak nothing (R41)."""
    return hashlib.sha256(token.encode()).hexdigest()


def _limits(session: Session, login: str, knock: Knock, at: datetime) -> dict[str, Limit]:
    known = _browser_key(login, knock.browser)
    if known and sign_in.succeeded_since(session, known, at - KNOWN_FOR):
        return {known: KNOWN_BROWSER}
    return {
        throttle.key_of("account+network", login, knock.network): ONE_ACCOUNT_FROM_ONE_NETWORK,
        throttle.key_of("account", login): ONE_ACCOUNT,
        throttle.key_of("network", knock.network): ONE_NETWORK,
        throttle.key_of("all"): EVERYBODY,
    }


def _browser_key(login: str, browser: str | None) -> str | None:
    return throttle.key_of("browser", login, browser) if browser else None


def _let_in(account: AccountRow, knock: Knock, charged: list[int], at: datetime) -> SignedIn:
    stale = passwords.needs_rehash(account.password_hash or "")
    renewed = passwords.derive(knock.password) if stale else None
    with transaction() as session:
        sign_in.refund(session, charged)
        if renewed:
            people.set_password(session, account.id, renewed, account.must_change_password)
        signed_in = _open(session, account.id, knock.browser, account.must_change_password, at)
        known = throttle.key_of("browser", account.login, signed_in.browser)
        sign_in.remember_success(session, known, at)
        audit.note(session, "sign-in", f"account:{account.uid}", account.id, None, None, at)
        return signed_in


def _open(session: Session, account_id: int, browser: str | None, must_change: bool, at: datetime) -> SignedIn:
    token = secrets.token_urlsafe(TOKEN_BYTES)
    row = DeskSessionRow(hashed(token), account_id, secrets.token_urlsafe(TOKEN_BYTES), at, at + ABSOLUTE)
    sign_in.open_session(session, row, at)
    return SignedIn(token, browser or secrets.token_urlsafe(TOKEN_BYTES), must_change)


def _note_refusal(account: AccountRow | None, at: datetime) -> None:
    """One row whether the name is known or not, so that both take as long; what was typed is not kept."""
    with transaction() as session:
        subject = f"account:{account.uid}" if account else "account:unknown"
        audit.note(session, "sign-in.refused", subject, account.id if account else None, None, None, at)


def _principal(account: AccountRow, grants: tuple[people.GrantRow, ...], csrf: str) -> Principal:
    return Principal(
        account_id=account.id,
        uid=account.uid,
        login=account.login,
        name=account.name,
        office=account.office,
        unit_id=account.unit_id,
        grants=tuple(GrantSpan(grant.role, grant.unit_id) for grant in grants),
        csrf=csrf,
    )


def _touch(token_hash: str, at: datetime) -> None:
    with transaction() as session:
        sign_in.touch(session, token_hash, at)


def _fault_in_new(old: str, new: str, login: str) -> str | None:
    return "Mật khẩu mới phải khác mật khẩu cũ." if new == old else passwords.fault_in(new, login)
