"""Bodies of requests, before Flask sees them (D19): how long they may be, how long silent, whether they are whole.

gunicorn's gthread has no read timeout, and hands a cut body over as if it were whole. Text bodies are read here, to the
end; uploads of photos are streamed, because there the bytes that came are kept. Refusals are raised inside Flask.
"""

import io
import socket
import threading
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, request
from gunicorn.http.errors import ParseException  # type: ignore[import-untyped]
from werkzeug.wsgi import ClosingIterator

from sync.problems import Problem

SILENCE_S = 20.0
QUICK_S = 0.25
ANSWER_S = 600.0
LINGER_S = 2.0
STEP_BYTES = 64 * 1024
TEXT_MAX_BYTES = 1024 * 1024
MEDIA_MAX_BYTES = 16 * 1024 * 1024
PROBLEM = "lantoa.body_problem"
UPLOADS = "/sync/media"
FORM_UPLOADS = "/desk/forms/uploads"
FORMS_MAX_BYTES = 12 * 1024 * 1024

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


@dataclass(frozen=True, slots=True)
class Lane:
    """One kind of body. `places`: how many threads may wait for slow ones; all others stay free for quick requests."""

    max_bytes: int
    places: threading.BoundedSemaphore
    longest_s: float


@dataclass(frozen=True, slots=True)
class Limits:
    """16 threads: at most 12 of them ever wait for slow bodies, and photos cannot take the places of text."""

    text: Lane = field(default_factory=lambda: Lane(TEXT_MAX_BYTES, threading.BoundedSemaphore(6), 120.0))
    forms: Lane = field(default_factory=lambda: Lane(FORMS_MAX_BYTES, threading.BoundedSemaphore(2), 300.0))
    media: Lane = field(default_factory=lambda: Lane(MEDIA_MAX_BYTES, threading.BoundedSemaphore(6), 900.0))
    silence_s: float = SILENCE_S


def install(app: Flask, limits: Limits | None = None) -> None:
    """Puts the middleware around the app as it is now, and its refusals before everything else inside."""
    app.wsgi_app = Bodies(app.wsgi_app, limits or Limits())  # type: ignore[method-assign]
    app.before_request_funcs.setdefault(None, []).insert(0, _refuse)


def _refuse() -> None:
    problem = request.environ.get(PROBLEM)
    if problem is not None:
        raise problem


class Bodies:
    """The middleware."""

    def __init__(self, app: Application, limits: Limits) -> None:
        self._app = app
        self._limits = limits

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        if not _has_body(environ):
            return self._app(environ, start_response)
        upload = environ["PATH_INFO"].startswith(UPLOADS) and environ["REQUEST_METHOD"] in ("POST", "PATCH")
        lane = self._limits.media if upload else self._lane(environ["PATH_INFO"])
        with _timed(environ.get("gunicorn.socket"), lane, self._limits.silence_s) as line:
            source = Patient(environ["wsgi.input"], line)
            try:
                _refuse_unreadable(environ, lane, upload)
                if "HTTP_TRANSFER_ENCODING" in environ:
                    line.wait()  # gunicorn cannot go on reading chunks after a pause: no quick phase for them
                environ["wsgi.input"] = source if upload else _read(environ, source, lane, line)
            except Problem as problem:
                environ[PROBLEM] = problem
                environ["wsgi.input"] = io.BytesIO()
            answer = self._app(environ, start_response)
        return ClosingIterator(answer, [source.finish, line.restore])

    def _lane(self, path: str) -> Lane:
        return self._limits.forms if path == FORM_UPLOADS else self._limits.text


def _has_body(environ: Environ) -> bool:
    return environ.get("CONTENT_LENGTH", "") not in ("", "0") or "HTTP_TRANSFER_ENCODING" in environ


def _refuse_unreadable(environ: Environ, lane: Lane, upload: bool) -> None:
    # P-08: refused before it is read.
    if int(environ.get("CONTENT_LENGTH") or 0) > lane.max_bytes:
        raise Problem("body-too-large", detail=f"at most {lane.max_bytes} bytes")
    encoding = environ.get("HTTP_CONTENT_ENCODING", "identity").strip().lower()
    if encoding not in (("identity",) if upload else ("identity", "gzip")):
        raise Problem("body-encoding-unknown")


def _read(environ: Environ, source: "Patient", lane: Lane, line: "Line") -> io.BytesIO:
    """The body in memory; its place among the slow ones is free again before the view works."""
    body = _whole(environ, source, lane)
    line.leave()
    return io.BytesIO(body)


def _whole(environ: Environ, source: "Patient", lane: Lane) -> bytes:
    """The body, whole and decompressed. P-07: bytes read ≠ Content-Length is never a request."""
    declared = environ.get("CONTENT_LENGTH")
    data = source.read(lane.max_bytes + 1)
    if source.cut or (declared and len(data) != int(declared)):
        raise Problem("body-incomplete")
    if len(data) > lane.max_bytes:
        raise Problem("body-too-large", detail=f"at most {lane.max_bytes} bytes")
    if environ.pop("HTTP_CONTENT_ENCODING", "identity").strip().lower() == "gzip":
        data = _unzipped(data, lane.max_bytes)
    environ.pop("HTTP_TRANSFER_ENCODING", None)
    environ["CONTENT_LENGTH"] = str(len(data))
    return data


def _unzipped(data: bytes, max_bytes: int) -> bytes:
    """P-06: never unpacks more than the route takes, however small the compressed body is."""
    unpacker = zlib.decompressobj(wbits=31)
    try:
        text = unpacker.decompress(data, max_bytes + 1)
    except zlib.error as error:
        raise Problem("body-encoding-invalid") from error
    if len(text) > max_bytes:
        raise Problem("body-too-large", detail=f"at most {max_bytes} bytes when decompressed")
    if not unpacker.eof or unpacker.unused_data:
        raise Problem("body-encoding-invalid")
    return text


class Line:
    """One request's socket and its place among the slow ones. Without a socket (tests) nothing is timed."""

    def __init__(self, sock: socket.socket | None, lane: Lane, silence_s: float) -> None:
        self._socket = sock
        self._lane = lane
        self._silence_s = silence_s
        self._before = sock.gettimeout() if sock else None
        self._end: threading.Timer | None = None
        self.slow = False
        self.given_up = False

    def set(self, timeout_s: float | None) -> None:
        if self._socket:
            with suppress(OSError):
                self._socket.settimeout(timeout_s)

    def wait(self) -> None:
        """From here on the body is a slow one: it needs a place, and has an end."""
        if not self._lane.places.acquire(blocking=False):
            self.given_up = True
            raise Problem("server-busy", headers={"Retry-After": "5"})
        self.slow = True
        self.set(self._silence_s)
        self._end = threading.Timer(self._lane.longest_s, self._hang_up)
        self._end.daemon = True
        self._end.start()

    def leave(self) -> None:
        """The body was read, or given up; the answer gets its own, long time."""
        if self._end:
            self._end.cancel()
        if self.slow:
            self._lane.places.release()
        self.slow = False
        self.set(ANSWER_S)

    @contextmanager
    def hurried(self) -> Iterator[None]:
        """A short while to read on."""
        self.set(QUICK_S)
        end = threading.Timer(LINGER_S, self._hang_up)
        end.daemon = True
        end.start()
        try:
            yield
        finally:
            end.cancel()

    def restore(self) -> None:
        """The answer is out. Of a client that we gave up nothing more is read: gunicorn closes gracefully in the thread
        that accepts everybody, and would wait there two seconds for each silent one."""
        if self.given_up:
            self._hang_up()
        self.set(self._before)

    def _hang_up(self) -> None:
        """Ends reading only. Not the TLS socket's own `shutdown`: it would let the answer out in clear."""
        if self._socket:
            with suppress(OSError):
                socket.socket.shutdown(self._socket, socket.SHUT_RD)


@contextmanager
def _timed(sock: socket.socket | None, lane: Lane, silence_s: float) -> Iterator[Line]:
    line = Line(sock, lane, silence_s)
    line.set(min(QUICK_S, silence_s))
    try:
        yield line
    finally:
        line.leave()


class Patient:
    """A body that ends where it was cut instead of raising; `cut` tells that it was."""

    def __init__(self, source: Any, line: Line) -> None:
        self._source = source
        self._line = line
        self.cut = False

    def read(self, size: int = -1, /) -> bytes:
        if self.cut:
            return b""
        try:
            return bytes(self._source.read(size))
        except TimeoutError:
            if self._line.slow:
                return self._what_came(size)
        except (OSError, ParseException):
            return self._what_came(size)
        self._line.wait()  # gunicorn keeps what it has read so far: the next read goes on behind it
        return self.read(size)

    def finish(self) -> None:
        """The answer is out: lets a client end what nobody read, so that it can read the answer; not a silent one."""
        if self.cut or self._line.given_up:
            return
        try:
            self._line.set(0.0)
            if not self._source.read(1):
                return
        except (OSError, ParseException):
            pass  # more is to come
        with self._line.hurried(), suppress(OSError, ParseException):
            while self._source.read(STEP_BYTES):
                pass
            return
        self._line.given_up = True

    def _what_came(self, size: int) -> bytes:
        """gunicorn holds back the bytes of a read that failed half-way; one at a time they come without waiting."""
        self.cut = self._line.given_up = True
        self._line.set(0.0)
        came = bytearray()
        with suppress(OSError, ParseException):
            while len(came) != size and (byte := self._source.readline(1)):
                came += byte
        return bytes(came)
