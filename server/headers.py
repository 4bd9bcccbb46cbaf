"""The headers of every answer, errors and static files included (R10-R13, R39)."""

from collections.abc import Callable, MutableMapping
from wsgiref.headers import Headers as WsgiHeaders

from flask import Flask, Response

from server.config import Config

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob:",
        "media-src 'self' blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "object-src 'none'",
        "require-trusted-types-for 'script'",
    )
)
PERMISSIONS = "camera=(self), geolocation=(self), microphone=(self)"  # a form may ask for a place or a recording
ONE_YEAR_S = 365 * 24 * 60 * 60

EVERYWHERE = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": PERMISSIONS,
}


def install(app: Flask, config: Config) -> None:
    """Sets them on every answer of Flask; what is not told to be cached is not stored anywhere (R13)."""
    always = of(config)

    @app.after_request
    def add(response: Response) -> Response:
        for name, value in always.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Cache-Control", "no-store")
        return response


def of(config: Config) -> MutableMapping[str, str]:
    """HSTS only where the public origin is https."""
    hsts = {"Strict-Transport-Security": f"max-age={ONE_YEAR_S}; includeSubDomains"} if config.https else {}
    return {**EVERYWHERE, **hsts}


def for_static(config: Config) -> Callable[[WsgiHeaders, str, str], None]:
    """The same for files that WhiteNoise serves past Flask."""
    always = of(config)

    def add(headers: WsgiHeaders, _path: str, _url: str) -> None:
        for name, value in always.items():
            headers[name] = value

    return add
