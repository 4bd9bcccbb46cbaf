"""How far a restored server is from being whole again: who was heard, what came back, what only people can restore."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from server import audit
from server.people.principal import ADMINISTRATOR, DESK_ROLES, Principal
from server.queries import given_outcomes, people
from server.queries import restoration as rows
from server.queries.restoration import CameBack, HeardDevice, Restore
from server.queries.scope import units_in_scope
from sync import problems
from sync.problems import Problem

# What lives on no phone (U18). Each is ticked off by a person who has looked.
CHECKS = ("registers", "people", "grants", "devices", "targets", "forms", "declarations", "reports")

problems.add("restoration-not-open", 409, "No restore is open")


@dataclass(frozen=True, slots=True)
class Standing:
    """As far as the asker's scope goes. `outcomes`: given back and waiting; `keeper`: may tick off and close."""

    restore: Restore
    keeper: bool
    devices: Sequence[HeardDevice]
    came_back: CameBack
    outcomes: int

    @property
    def unheard(self) -> int:
        return sum(device.active and device.offered_at is None for device in self.devices)

    @property
    def unchecked(self) -> int:
        return len(set(CHECKS) - self.restore.checked.keys())

    @property
    def whole(self) -> bool:
        """Every device that was active before has told all that it holds, and nothing waits."""
        return not (self.unheard or self.outcomes or self.came_back.awaited)


def is_open(session: Session) -> bool:
    """Whether the server is marked: it was restored from a backup, and nobody has said that it is whole again."""
    return rows.open_since(session) is not None


def standing(session: Session, principal: Principal) -> Standing | None:
    """The last restore, open or closed, as this person may see it; None where there never was one."""
    restore = rows.latest(session)
    if restore is None:
        return None
    scope = units_in_scope(principal.grants, DESK_ROLES)
    waiting = given_outcomes.count_waiting(session, None if _at_the_root(session, principal, *DESK_ROLES) else scope)
    keeper = _at_the_root(session, principal, ADMINISTRATOR)
    devices, back = rows.devices(session, restore.id, scope), rows.came_back(session, restore, scope)
    return Standing(restore, keeper, devices, back, waiting)


def tick(session: Session, principal: Principal, key: str, done: bool, at: datetime) -> None:
    """Ticks one point of the list off, or takes the tick back. Problems `not-found`, `restoration-not-open`."""
    restore = _open(session)
    if key not in CHECKS or not _at_the_root(session, principal, ADMINISTRATOR):
        raise Problem("not-found")
    said = {"by": principal.name, "at": at.isoformat(timespec="seconds")} if done else None
    rows.check(session, restore.id, key, said)
    action = "restoration.checked" if done else "restoration.unchecked"
    audit.note(session, action, f"restoration:{restore.id}", principal.account_id, None, {"point": key}, at)


def close(session: Session, principal: Principal, at: datetime) -> None:
    """Ends the marked state; the audit says what was still open. Problems `not-found`, `restoration-not-open`."""
    found = standing(session, principal)
    if found is not None and not found.keeper:
        raise Problem("not-found")
    if found is None or not rows.close(session, found.restore.id, principal.account_id, at):
        raise Problem("restoration-not-open")
    left = {"unheard": found.unheard, "outcomes": found.outcomes, "photos": found.came_back.awaited}
    detail = left | {"unchecked": found.unchecked}
    audit.note(session, "restoration.closed", f"restoration:{found.restore.id}", principal.account_id, None, detail, at)


def _at_the_root(session: Session, principal: Principal, *roles: str) -> bool:
    """The server is one: only who is responsible for all of it says that it is whole."""
    root = people.root_unit(session)
    return root is not None and any(g.unit_id == root.id and g.role in roles for g in principal.grants)


def _open(session: Session) -> Restore:
    restore = rows.latest(session)
    if restore is None or restore.closed_at is not None:
        raise Problem("restoration-not-open")
    return restore
