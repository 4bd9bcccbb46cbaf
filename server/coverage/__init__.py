"""Coverage: facts and figures. Everything that changes what counts calls one of these in its own transaction."""

from server.coverage.denominators import rebase
from server.coverage.ledger import items_changed, mode_changed, recount, recount_all
from server.coverage.proof import Difference, verify

__all__ = ["Difference", "items_changed", "mode_changed", "rebase", "recount", "recount_all", "verify"]
