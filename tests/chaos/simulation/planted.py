"""Faults planted into copies of the tree, one at a time: a proof that finds none of them proves nothing.

Each is a piece of the phone's or the protocol's program put wrong as a hurried person might write it. They live here
as text and are applied to a copy; shipped code holds none of them.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path

from tests.chaos.simulation.runner import ROOT

PHONE = "static/src"
TREES = ("static/src", "sync", "server", "tests/chaos", "tests/sync", "tests/__init__.py")


@dataclass(frozen=True, slots=True)
class Planted:
    """In `file`, `right` becomes `wrong`. `says`: what the program does then."""

    says: str
    file: str
    right: str
    wrong: str


PLANTED = (
    Planted(
        "believes any receipt",
        f"{PHONE}/send.ts",
        "result?.receipt && await binds(result.receipt, row, identity)",
        "result?.receipt",
    ),
    Planted(
        "believes any statement",
        f"{PHONE}/reconcile.ts",
        "|| !await signedBy(identity.receipt_keys, key_id, signature, statement)",
        "",
    ),
    Planted(
        "drops what was refused",
        f"{PHONE}/send.ts",
        'for (const row of failed) await tx.objectStore("outbox").put(row);',
        'for (const row of failed) await tx.objectStore("outbox").delete(row.record_id);',
    ),
    Planted(
        "says saved before the store is safe from a cut of the power",
        f"{PHONE}/outbox.ts",
        '"media", "chunks", "last"], "strict"',
        '"media", "chunks", "last"], "relaxed"',
    ),
    Planted(
        "says saved before the transaction is complete",
        f"{PHONE}/db.ts",
        "    await tx.done;\n    return value;",
        "    return value;",
    ),
    Planted(
        "swallows a full disk",
        f"{PHONE}/db.ts",
        "throw asStorageFault(tx ? await undo(tx, fault) : fault);",
        "if (tx) { await undo(tx, fault); return undefined as T; } throw fault;",
    ),
    Planted("takes photos away before a backup holds them", f"{PHONE}/purge.ts", "|| receipt.seq > backup_seq", ""),
    Planted("takes photos away within the week", f"{PHONE}/purge.ts", ">= age;", ">= 0 * age;"),
    Planted(
        "counts the week by the phone's own clock",
        f"{PHONE}/reconcile.ts",
        "told_at: said.at,",
        "told_at: stamp(now),",
    ),
    Planted(
        "does not hear what the server lacks",
        f"{PHONE}/reconcile.ts",
        "for (const id of said.missing) {",
        "for (const id of said.missing.slice(0, 0)) {",
    ),
    Planted(
        "offers a restored server only the last week",
        f"{PHONE}/reconcile.ts",
        "const answer = await tell(round, () => true, epoch);",
        "const answer = await tell(round, () => false, epoch);",
    ),
    Planted(
        "does not hear which photos the server lacks",
        f"{PHONE}/reconcile.ts",
        'return { ...row, state: "waiting", created: state !== "unknown" && row.created, offset,'
        " due_at: row.due_at ?? now };",
        "return row;",
    ),
    Planted(
        "enrols anew and knows the epoch already",
        f"{PHONE}/enrol.ts",
        "before?.server_id === server_id ? before.epoch :",
        "before?.server_id === server_id ? epoch :",
    ),
    Planted(
        "sends under the key of a device of the past",
        f"{PHONE}/outbox.ts",
        "if (envelope.device_id === identity.device_id) return row;",
        "if (envelope) return row;",
    ),
    Planted(
        "drains the present person's records only",
        f"{PHONE}/sync.ts",
        "for (const uid of await accounts()) {",
        "for (const uid of (await accounts()).filter((one) => one === current)) {",
    ),
    Planted(
        "starts every upload at its beginning", f"{PHONE}/upload.ts", "let offset = begin.value;", "let offset = 0;"
    ),
    Planted(
        "takes a new token before the old one may go",
        f"{PHONE}/news.ts",
        "...(next_token && { next_token })",
        "...(next_token && { token: next_token.slice(1) })",
    ),
    Planted(
        "stores the same id twice",
        "sync/memory.py",
        "self.records[receipt.record_id] = Kept(",
        'self.records[f"{receipt.record_id}{self.seq}"] = Kept(',
    ),
    Planted(
        "does not check the payload's digest",
        "sync/intake.py",
        "if sha256_hex(sealed.payload.encode()) != envelope.content_sha256:",
        "if not envelope.content_sha256:",
    ),
    Planted(
        "says that it lacks nothing",
        "sync/reconcile.py",
        '"missing": store.lacking(device, have.records),',
        '"missing": [],',
    ),
    Planted(
        "takes any photo for the promised one",
        "sync/media.py",
        "if digest_of(partial) != sha256:",
        "if not partial.exists():",
    ),
    Planted("calls every photo there", "sync/reconcile.py", '"state": media.state,', '"state": "there",'),
    Planted(
        "answers in another order",
        "sync/intake.py",
        "return [Result(next(kept) if isinstance(c, Arrival) else c) for c in checked]",
        "return [Result(next(kept) if isinstance(c, Arrival) else c) for c in checked][::-1]",
    ),
    Planted(
        "tells a backup that does not exist",
        "sync/reconcile.py",
        '"backup_seq": here.backup_seq,',
        '"backup_seq": 10**9,',
    ),
    Planted(
        "retires a token when it offers the next",
        "sync/memory.py",
        "            self.offers[token_hash] = device.uid, at",
        "            self.tokens = {}\n            self.offers[token_hash] = device.uid, at",
    ),
)


def planted(fault: Planted, into: Path) -> Path:
    """A copy of the tree with this one fault in it."""
    for name in TREES:
        source, target = ROOT / name, into / name
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)
        else:
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "dist"))
    (into / "node_modules").symlink_to(ROOT / "node_modules")
    path = into / fault.file
    text = path.read_text()
    assert text.count(fault.right) == 1, f"{fault.file} no longer says: {fault.right}"
    path.write_text(text.replace(fault.right, fault.wrong))
    return into
