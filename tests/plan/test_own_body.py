"""Who works for which body: people of a commune need not choose it for every session."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.db import transaction
from server.models.people import Account
from server.people import accounts
from server.people.accounts import Person
from server.plan import presets
from tests.plan import make


@pytest.mark.parametrize(
    ("unit", "given", "body"),
    [
        ("31672@2023-01-01", None, "ca-31672"),
        ("31672@2023-01-01", "ca-tinh", "ca-tinh"),
        ("94@2023-01-01", None, None),  # a province has several police bodies: nothing is guessed
    ],
)
def test_a_person_works_for_the_one_police_body_of_their_unit(
    app: Flask, session: Session, unit: str, given: str | None, body: str | None
) -> None:
    presets.load(make.SHIPPED)
    with transaction() as writing:
        person = Person("lan", "Lan", "officer", unit, organisation_uid=given)
        accounts.add(writing, accounts.Newcomer(person, None), make.OCTOBER, make.OCTOBER.date())
    assert session.scalars(select(Account.organisation_uid)).one() == body
