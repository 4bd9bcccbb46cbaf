"""Who asks: an account with the grants that are in force today. Made per request, never kept."""

from dataclasses import dataclass

OFFICER = "officer"
REVIEWER = "reviewer"
STAFF = "staff"
ADMINISTRATOR = "administrator"
ROLES = (OFFICER, REVIEWER, STAFF, ADMINISTRATOR)
DESK_ROLES = (REVIEWER, STAFF, ADMINISTRATOR)


@dataclass(frozen=True, slots=True)
class GrantSpan:
    """A role over a unit and all below it, in force today."""

    role: str
    unit_id: int


@dataclass(frozen=True, slots=True)
class Principal:
    """A person at the desk, with the token that their forms must carry (`csrf`)."""

    account_id: int
    uid: str
    login: str
    name: str
    office: str | None
    unit_id: int
    grants: tuple[GrantSpan, ...]
    csrf: str

    def has(self, *roles: str) -> bool:
        return any(grant.role in roles for grant in self.grants)
