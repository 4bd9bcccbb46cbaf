"""What the phone's own store holds, read as it lies there."""

_OPEN = """
  const done = (asked) => new Promise((tell) => { asked.onsuccess = () => tell(asked.result); });
  const name = (await indexedDB.databases()).map((it) => it.name).find((it) => it.startsWith('lantoa-'));
  const db = await done(indexedDB.open(name));
  const all = (of) => done(db.transaction(of).objectStore(of).getAll());"""
OUTBOX = (
    "async () => {"
    + _OPEN
    + " const found = (await all('outbox')).map((row) => row.sealed); db.close(); return found; }"
)
DRAFTS = "async () => {" + _OPEN + " const found = await all('drafts'); db.close(); return found; }"
FORMS = "async () => {" + _OPEN + " const found = await all('forms'); db.close(); return found; }"
