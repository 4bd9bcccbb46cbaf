"""Review: where records wait, what one looks like, and deciding on it (D14)."""

from server.review.decisions import accept_many, decide

__all__ = ["accept_many", "decide"]
