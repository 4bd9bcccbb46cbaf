"""What a request holds while it waits: no transaction while bytes come in."""

from sqlalchemy import select

from server.db import db
from server.models.people import Device
from server.stores import STORE
from sync.media import Folder
from sync.uploads import Uploads
from tests.sync.make import SqlWorld, outreach, phone, photo


class Watching:
    """A photo's bytes, told apart: is a transaction open while the next ones are waited for?"""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.open: list[bool] = []

    def read(self, size: int, /) -> bytes:
        self.open.append(db.session().in_transaction())
        data, self._data = self._data[:size], self._data[size:]
        return data


def test_no_transaction_is_open_while_a_photos_bytes_come_in(sql: SqlWorld) -> None:
    sender, picture = phone(sql), photo()
    record = outreach(sender, photos=(picture,))
    sender.send(record)
    sender.create_upload(record, picture)
    source = Watching(picture.data)
    with sql.app.app_context():
        store = sql.app.extensions[STORE]
        uploads = Uploads(store, Folder(sql.media_dir), lambda _path: True)
        device = store.device(_token_hash(sql, sender.enrolled["device_id"]), sql.clock())
        media = uploads.receive(device, picture.media_id, 0, source, None, sql.clock())
        db.session.remove()
    assert media.state == "there"
    assert source.open == [False] * len(source.open)


def _token_hash(sql: SqlWorld, uid: str) -> str:
    found: str = db.session.scalar(select(Device.token_hash).where(Device.uid == uid)) or ""
    return found
