"""The marked state of a server that came back from a backup: open until an administrator closes it.

Whatever must not leave the house while the office is incomplete asks `is_open`.
"""

from server.restoration.given import confirm
from server.restoration.standing import CHECKS, Standing, close, is_open, standing, tick

__all__ = ["CHECKS", "Standing", "close", "confirm", "is_open", "standing", "tick"]
