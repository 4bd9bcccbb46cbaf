"""How a refusal is told: application/problem+json to programs (RFC 9457), a page to people.

Whatever was not foreseen is told in general words with a number that the log repeats; the log gets where it
happened, never the words of the exception: they may hold answers (R34, R35).
"""

import secrets
import traceback
from typing import cast

import orjson
from flask import Flask, Response, current_app, render_template, request
from werkzeug.exceptions import HTTPException

from server.problem_words import words_of
from sync import problems
from sync.problems import MEDIA_TYPE, Problem

PROGRAMS = ("/sync", "/api", "/healthz")

problems.add("unexpected", 500, "Something went wrong on the server")
problems.add("request-bad", 400, "The request cannot be understood")
problems.add("method-not-allowed", 405, "This method is not allowed here")

BY_STATUS = {
    400: "request-bad",
    404: "not-found",
    405: "method-not-allowed",
    413: "body-too-large",
    415: "media-type-unsupported",
}


def install(app: Flask) -> None:
    app.before_request(_refuse_nul)
    app.register_error_handler(Problem, answer)
    app.register_error_handler(HTTPException, _answer_http)
    app.register_error_handler(Exception, _answer_unexpected)


def _refuse_nul() -> None:
    """No address and no form of ours holds NUL; PostgreSQL has no text with it, so that every query would fail."""
    typed = request.form.values() if request.path.startswith("/desk") else ()
    texts = (request.path, *request.args.values(), *typed)
    if any("\0" in text for text in texts):
        raise Problem("request-bad")


def answer(problem: Problem) -> Response:
    """The problem in the shape that this path's clients read."""
    response = _as_json(problem) if request.path.startswith(PROGRAMS) else _as_page(problem)
    response.status_code = problem.status
    response.headers.update(problem.headers)
    response.headers["Cache-Control"] = "no-store"
    return response


def _as_json(problem: Problem) -> Response:
    return Response(orjson.dumps(problem.to_json()), content_type=MEDIA_TYPE)


def _as_page(problem: Problem) -> Response:
    words = words_of(problem)
    return Response(render_template("problem.html", problem=problem, words=words), mimetype="text/html")


def _answer_http(error: HTTPException) -> Response:
    if error.response is not None or (error.code or 500) < 400:
        return cast(Response, current_app.response_class.force_type(error.get_response(), request.environ))
    status = error.code or 500
    headers = {name: value for name, value in error.get_headers() if name in ("Allow", "Retry-After")}
    return answer(Problem(BY_STATUS.get(status, "request-bad"), status=status, headers=headers))


def _answer_unexpected(error: Exception) -> Response:
    number = secrets.token_hex(6)
    where = "".join(traceback.format_tb(error.__traceback__))
    current_app.logger.error(
        "unexpected %s: %s at %s %s\n%s", number, type(error).__name__, request.method, request.endpoint, where
    )
    return answer(Problem("unexpected", detail=f"Number {number} in the server's log."))
