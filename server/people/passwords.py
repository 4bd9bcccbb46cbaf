"""Passwords: Argon2id (m = 64 MiB, t = 3, p = 1) and which ones are refused.

One lane only and at most two derivations at a time: with more lanes two threads that derive at once deadlock for
ever in OpenSSL, and every waiting derivation would hold a thread that others need. Who finds the queue full is
told to come again, so that sign-ins can never take all threads. Nothing derives inside a writing transaction: a
derivation takes a good part of a second, and all other writers would wait for it.
"""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from server import db
from sync.problems import Problem

MEMORY_KIB = 64 * 1024
ITERATIONS = 3
LANES = 1
LENGTH_BYTES = 32
SALT_BYTES = 16
PARAMETERS = f"$m={MEMORY_KIB},t={ITERATIONS},p={LANES}$"

SHORTEST = 12
SHORTEST_LOGIN = 4  # a shorter one turns up in a password by chance
LONGEST = 256
FEWEST_DIFFERENT = 6

_deriving = BoundedSemaphore(2)
_in_the_room = BoundedSemaphore(8)

COMMON = """
abc abcdef admin administrator asdf asdfgh azerty dragon football iloveyou letmein login master monkey passwd password
princess qwerty root secret sunshine user welcome zxcv zxcvbn anhyeuem toiyeu matkhau mật khẩu mật_khẩu
can tho cantho cần thơ cong an congan công an hanoi hà nội lan toa lantoa lan tỏa phap luat phapluat pháp luật
saigon sài gòn soc trang soctrang sóc trăng viet nam vietnam việt nam
"""
COMMON_WORDS = tuple(sorted(COMMON.split(), key=len, reverse=True))
RUNS = "abcdefghijklmnopqrstuvwxyz 0123456789 01234567890123456789 qwertyuiop asdfghjkl zxcvbnm"
LEET = str.maketrans("4@301!5$7", "aaeoiisst")


def derive(password: str) -> str:
    """The PHC string to store. Raises Problem 429 when too many others are deriving."""
    with _turn():
        return _fresh().derive_phc_encoded(password.encode())


def verify(password: str, stored: str | None) -> bool:
    """Compares in constant time. Derives also where nothing is stored, so that unknown names take as long (R15)."""
    with _turn():
        if stored is None:
            _fresh().derive(password.encode()[: LONGEST * 4])
            return False
        try:
            Argon2id.verify_phc_encoded(password.encode(), stored)
        except InvalidKey:
            return False
        return True


def needs_rehash(stored: str) -> bool:
    return PARAMETERS not in stored


def fault_in(password: str, login: str) -> str | None:
    """Why this password is refused, in Vietnamese; None when it is good. Length counts, not kinds of characters."""
    if len(password) < SHORTEST:
        return f"Mật khẩu cần ít nhất {SHORTEST} ký tự."
    if len(password) > LONGEST:
        return f"Mật khẩu dài quá {LONGEST} ký tự."
    bare = password.casefold()
    if len(login) >= SHORTEST_LOGIN and login in bare:
        return "Mật khẩu không được chứa tên đăng nhập."
    if len(set(bare)) < FEWEST_DIFFERENT or _is_common(bare):
        return "Mật khẩu này quá dễ đoán."
    return None


def one_time() -> str:
    """A password to be changed at the first sign-in: 79 random bits, in groups that can be read aloud."""
    alphabet = "23456789abcdefghjkmnpqrstuvwxyz"
    return "-".join("".join(secrets.choice(alphabet) for _ in range(4)) for _ in range(4))


def _fresh() -> Argon2id:
    return Argon2id(
        salt=secrets.token_bytes(SALT_BYTES),
        length=LENGTH_BYTES,
        iterations=ITERATIONS,
        lanes=LANES,
        memory_cost=MEMORY_KIB,
    )


@contextmanager
def _turn() -> Iterator[None]:
    if db.writing():
        raise RuntimeError("a password is derived while all other writers wait for this transaction")
    if not _in_the_room.acquire(blocking=False):
        raise Problem("too-many-attempts", headers={"Retry-After": "2"})
    try:
        with _deriving:
            yield
    finally:
        _in_the_room.release()


def _is_common(bare: str) -> bool:
    """Nothing but well-known words, keyboard runs, years and their repetition, whatever stands for a letter."""
    undecorated = re.sub(r"[\W\d_]+$", "", bare)
    return any(_what_is_left(spelt) < FEWEST_DIFFERENT for spelt in (bare, undecorated.translate(LEET)))


def _what_is_left(spelt: str) -> int:
    """How many characters remain when everything that a guesser tries first is taken out."""
    for word in COMMON_WORDS:
        spelt = spelt.replace(word, " ")
    return sum(len(part) for part in re.findall(r"[^\W\d_]+|\d+", spelt) if not _is_run(part))


def _is_run(part: str) -> bool:
    runs = (*RUNS.split(), *(run[::-1] for run in RUNS.split()))
    in_a_run = len(part) > 1 and any(part in run for run in runs)
    return in_a_run or bool(re.fullmatch(r"(19|20)\d\d|(.+?)\2+", part))
