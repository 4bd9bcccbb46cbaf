"""Review: where records wait, what one looks like, and deciding on it (D14)."""

from server.queries.queue import Wanted
from server.review.decisions import accept_many, decide
from server.review.reading import Dossier, QueuePage, beside, chain_of_record, detail, queue

__all__ = [
    "Dossier",
    "QueuePage",
    "Wanted",
    "accept_many",
    "beside",
    "chain_of_record",
    "decide",
    "detail",
    "queue",
]
