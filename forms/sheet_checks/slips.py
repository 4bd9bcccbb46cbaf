"""Signs of other languages in an expression that XPath does not know: `==`, `&&`, `AND`, `≥`; and what is meant."""

import re

_SLIPS = tuple(
    (re.compile(pattern), right)
    for pattern, right in (
        ("==", "="), ("=>", ">="), ("=<", "<="), ("<>", "!="), ("≥", ">="), ("≤", "<="), ("≠", "!="), ("＝", "="),
        ("&&?", "and"), (r"\|\|", "or"), (r"\b(?:AND|And)\b", "and"), (r"\b(?:OR|Or)\b", "or"),
        (r"\b(?:DIV|Div)\b", "div"), (r"\b(?:MOD|Mod)\b|%", "mod"), (r"/", "div"), (r"\bis\b", "="),
        (r"\b(?:not|NOT|Not)\b(?!\()", "not(…)"), (r"\{\$\w*\}?", "${…}"), (r"\$(?!\{)\w*", "${…}"),
    )
)  # fmt: skip


def slip(text: str, at: int) -> tuple[str, str] | None:
    """(what stands there, what is meant) where the parser stopped at character `at`, counted from 1; None: no slip."""
    for pattern, right in _SLIPS:
        for found in pattern.finditer(text):
            if found.start() < at <= found.end() + 2:
                return found.group(), right
    return None
