"""The store of `sync` in SQL, the bulk path that fills a database as sending would, and the photos that people see."""

from server.stores.filling import Sent, put_many
from server.stores.photos import COPIES, display_photo
from server.stores.sql import SqlStore

STORE = "lantoa_store"

__all__ = ["COPIES", "STORE", "Sent", "SqlStore", "display_photo", "put_many"]
