"""A form's text as its author marked it (XLSForm: strong, leaning, headings, links), for pages.

Few elements, all else escaped. The twin of static/src/form/widgets/marked.tsx; both run tests/vectors/marked.json.
"""

import re
from collections.abc import Iterator

from markupsafe import Markup, escape

_MARK = re.compile(
    r"""\\(?P<sign>[\\*_#\[\]<])
    |^\#{1,6}[ ]+(?P<head>.+?)[ #]*(?:\n|$)
    |\*\*(?=\S)(?P<stars>.+?)(?<=\S)\*\*(?!\*)
    |(?<!\w)__(?![\s_])(?P<lines>.+?)(?<![\s_])__(?!\w)
    |(?<![\w*])(?P<lean>[*_])(?![\s*_])(?P<leaning>.+?)(?<![\s*_])(?P=lean)(?![\w*])
    |\[(?P<words>[^\]\n]+)\]\((?P<address>[^)\s]+)\)
    |</?[a-z][^>]*>""",
    re.MULTILINE | re.IGNORECASE | re.VERBOSE,
)
_SAFE = re.compile(r"(?:https?|mailto|tel):", re.IGNORECASE)


def marked(text: str) -> Markup:
    """With the marks as elements; links lead out of the page, and only to addresses that run nothing."""
    return Markup("").join(_element(piece) if isinstance(piece, re.Match) else escape(piece) for piece in _pieces(text))


def plain(text: str) -> str:
    """Words only: for lists, names and the reading voice."""
    return "".join(_words(piece) if isinstance(piece, re.Match) else piece for piece in _pieces(text)).rstrip()


def _pieces(text: str) -> Iterator[str | re.Match[str]]:
    end = 0
    for found in _MARK.finditer(text):
        yield text[end : found.start()]
        yield found
        end = found.end()
    yield text[end:]


def _element(found: re.Match[str]) -> Markup:
    if head := found["head"]:
        return Markup('<b class="head">{}</b>').format(marked(head))
    if strong := found["stars"] or found["lines"]:
        return Markup("<b>{}</b>").format(marked(strong))
    if leaning := found["leaning"]:
        return Markup("<em>{}</em>").format(marked(leaning))
    if found["address"] and _SAFE.match(found["address"]):
        link = Markup('<a href="{}" target="_blank" rel="noreferrer">{}</a>')
        return link.format(found["address"], marked(found["words"]))
    return escape(_words(found))


def _words(found: re.Match[str]) -> str:
    if head := found["head"]:
        return f"{plain(head)}\n"
    if inside := found["stars"] or found["lines"] or found["leaning"]:
        return plain(inside)
    return f"{plain(found['words'])} ({found['address']})" if found["address"] else found["sign"] or ""
