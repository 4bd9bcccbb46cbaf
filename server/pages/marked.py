"""A form's text as its author marked it (XLSForm: strong, leaning, headings, links), for pages.

Few elements, all else escaped. The twin of static/src/form/widgets/marked.tsx; both run tests/vectors/marked.json.
"""

import re
from collections.abc import Iterator

from markupsafe import Markup, escape

_MARK = re.compile(
    r"""\\(?P<sign>[\\*_#\[\]<])
    |^\#{1,6}[ ]+(?P<head>.{1,999}?)[ #]*(?:\n|$)
    |\*\*(?=\*?[^\s*])(?P<stars>.{1,999}?)(?<=\S)\*\*(?!\*)
    |(?<!\w)__(?![\s_])(?P<lines>.{1,999}?)(?<![\s_])__(?!\w)
    |(?<![\w*])(?P<lean>[*_])(?![\s*_])(?P<leaning>.{1,999}?)(?<![\s*_])(?P=lean)(?![\w*])
    |\[(?P<words>[^\]\n]{1,200})\]\((?P<address>[^)\s]{1,999})\)
    |</?[a-z][^<>]*>""",
    re.MULTILINE | re.IGNORECASE | re.VERBOSE,
)
DEEPEST = 4
_SAFE = re.compile(r"(?:https?|mailto|tel):", re.IGNORECASE)


def marked(text: str, deep: int = 0) -> Markup:
    """With the marks as elements; links lead out of the page, and only to addresses that run nothing."""
    found = _pieces(text) if deep < DEEPEST else [text]
    return Markup("").join(_element(one, deep + 1) if isinstance(one, re.Match) else escape(one) for one in found)


def plain(text: str, deep: int = 0) -> str:
    """Words only: for lists, names and the reading voice."""
    if deep == DEEPEST:
        return text
    return "".join(_words(one, deep + 1) if isinstance(one, re.Match) else one for one in _pieces(text)).rstrip()


def _pieces(text: str) -> Iterator[str | re.Match[str]]:
    end = 0
    for found in _MARK.finditer(text):
        yield text[end : found.start()]
        yield found
        end = found.end()
    yield text[end:]


def _element(found: re.Match[str], deep: int) -> Markup:
    if head := found["head"]:
        return Markup('<b class="head">{}</b>').format(marked(head, deep))
    if strong := found["stars"] or found["lines"]:
        return Markup("<b>{}</b>").format(marked(strong, deep))
    if leaning := found["leaning"]:
        return Markup("<em>{}</em>").format(marked(leaning, deep))
    if found["address"] and _SAFE.match(found["address"]):
        link = Markup('<a href="{}" target="_blank" rel="noreferrer">{}</a>')
        return link.format(found["address"], marked(found["words"], deep))
    return escape(_words(found, deep))


def _words(found: re.Match[str], deep: int) -> str:
    if head := found["head"]:
        return f"{plain(head, deep)}\n"
    if inside := found["stars"] or found["lines"] or found["leaning"]:
        return plain(inside, deep)
    return f"{plain(found['words'], deep)} ({found['address']})" if found["address"] else found["sign"] or ""
