"""The policy of every route: declared where it is mounted, enforced before its view, missing = refused (R1, R2).

A policy is one word, or `desk:` with roles: `public` · `device` (bearer token of a phone, checked by the sync
routes themselves) · `desk:any` (signed in) · `desk:reviewer,staff` (signed in with one of these roles).
A blueprint has a policy for all its routes; a single route may declare its own.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, current_app, request
from flask.typing import ResponseReturnValue

from server.people.principal import DESK_ROLES, ROLES

KINDS = ("public", "device", "desk")
DECLARED = "lantoa_policy"
REGISTRY = "lantoa_policies"

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Policy:
    """`roles` is empty where `kind` is not `desk`."""

    kind: str
    roles: tuple[str, ...] = ()


Guard = Callable[[Policy], ResponseReturnValue | None]


def parse(declared: str) -> Policy:
    kind, _, roles = declared.partition(":")
    if kind not in KINDS or (kind == "desk") != bool(roles):
        raise ValueError(f"{declared!r} is no policy")
    if kind != "desk":
        return Policy(kind)
    named = DESK_ROLES if roles == "any" else tuple(roles.split(","))
    if not set(named) <= set(ROLES):
        raise ValueError(f"{declared!r} names an unknown role")
    return Policy(kind, named)


def policy(declared: str) -> Callable[[View], View]:
    """Declares the policy of one view."""
    parsed = parse(declared)

    def mark(view: View) -> View:
        setattr(view, DECLARED, parsed)
        return view

    return mark


def cover(app: Flask, name: str, declared: str) -> None:
    """Declares the policy of a whole blueprint, or of one endpoint that bears no mark of its own, by its name."""
    app.extensions.setdefault(REGISTRY, {})[name] = parse(declared)


def policy_of(app: Flask, endpoint: str) -> Policy | None:
    """The view's own mark, else what was declared for the endpoint, else for its blueprint (the nearest one)."""
    if marked := getattr(app.view_functions.get(endpoint), DECLARED, None):
        return marked if isinstance(marked, Policy) else None
    declared: Mapping[str, Policy] = app.extensions.get(REGISTRY, {})
    name = endpoint
    while name:
        if name in declared:
            return declared[name]
        name = name.rpartition(".")[0]
    return None


def install(app: Flask, guards: Mapping[str, Guard]) -> None:
    """Runs the guard of the route's kind before every view; a route without a policy is never run."""

    @app.before_request
    def guard() -> ResponseReturnValue | None:
        if request.endpoint is None:
            return None  # no such route: Flask answers 404
        declared = policy_of(current_app, request.endpoint)
        if declared is None:
            raise RuntimeError(f"route {request.endpoint} has no policy")
        enforce = guards.get(declared.kind)
        return enforce(declared) if enforce else None
