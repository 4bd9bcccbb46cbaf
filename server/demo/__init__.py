"""A demonstration on the plan of this year: invented people, rolls and two months of records, every one marked.

For an empty installation with a loaded plan; refuses any other, so that it can never touch real records.
"""

import os
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random

from flask import Flask
from sqlalchemy.orm import Session

from server import coverage
from server.clock import Clock, day_of
from server.config import Config
from server.db import db, transaction
from server.demo import acts, cast, rolls
from server.demo.cast import Cast
from server.demo.stories import Ground
from server.people import passwords
from server.queries import demo as rows
from server.queries import plan as plans
from server.queries import registers, units
from server.units import paths
from server.units.labels import full

PASSWORD_FILE = "demo-password"
DEFAULT_SEED = 2026
TWO_MONTHS = 60  # days

__all__ = ["DemoRefused", "SignIn", "fill", "sign_ins"]


class DemoRefused(Exception):
    """Why the demonstration was not filled, in one sentence."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """One of the cast. Without a password: an officer, who enrols a phone with `flask --app wsgi enrol LOGIN`."""

    login: str
    name: str
    role: str
    unit: str
    password: str | None


def fill(app: Flask, seed: int = DEFAULT_SEED, clock: Clock | None = None, days: int = TWO_MONTHS) -> list[SignIn]:
    """Fills an empty installation; the same seed at the same time gives the same records. Needs an app context."""
    now = (clock or app.extensions["lantoa_clock"])()
    day = day_of(now)
    chance = Random(seed)
    password = passwords.one_time()
    password_hash = passwords.derive(password)
    since, begun_at = day - timedelta(days=days), now - timedelta(days=days + 1)
    with transaction() as session:
        _refuse_unless_empty(session)
        paths.rebuild(session)
        scenes = cast.stage(session, day)
        if not scenes:
            raise DemoRefused(f"No district stands on {day}: load the plan for this year first (preset load … --year).")
        rolls.fill(session, chance, scenes, day, begun_at)
        players = cast.engage(session, chance, password_hash, since, begun_at, day)
        coverage.recount_all(session)
        rows.mark(session)
    _keep_password(app, password)
    acts.play(chance, players, _grounds(db.session(), players), since, now)
    return sign_ins(app)


def sign_ins(app: Flask) -> list[SignIn]:
    """The cast of a filled demonstration, the desk first."""
    password = _password_path(app).read_text(encoding="utf-8").strip()
    return [
        SignIn(p.login, p.name, p.role, full(p.unit, p.parent), password if p.has_password else None)
        for p in rows.people(db.session())
    ]


def _refuse_unless_empty(session: Session) -> None:
    if plans.first_day(session) is None:
        raise DemoRefused("No plan is loaded: run `preset load` first.")
    if rows.number_of_accounts(session):
        raise DemoRefused("This installation has people already: the demonstration fills only an empty one.")


def _grounds(session: Session, players: Cast) -> list[Ground]:
    topics = registers.lines(session, "provisions")
    found = []
    for officer in players.officers:
        commune = units.by_id(session, officer.commune.id) or officer.commune
        hamlets = [h for h in registers.lines(session, "hamlets", [commune.id]) if h.data.get("kind") != "whole"]
        members = [m for m in registers.lines(session, "members", [commune.id]) if m.valid_to is None]
        police = cast.police_of(session, commune)
        found.append(Ground(officer, commune.t2_mode == "register", hamlets, members, topics, police))
    return found


def _password_path(app: Flask) -> Path:
    config: Config = app.extensions["lantoa_config"]
    return config.keys_dir / PASSWORD_FILE


def _keep_password(app: Flask, password: str) -> None:
    """Beside the keys and as private as they are."""
    path = _password_path(app)
    path.unlink(missing_ok=True)
    with open(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
        file.write(password + "\n")
