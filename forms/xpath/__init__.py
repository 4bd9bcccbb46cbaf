"""XPath as ODK forms use it: text → tree (`parse`), tree → value (`evaluate`), and the table of functions."""

from forms.xpath.parse import XPathError, parse

__all__ = ["XPathError", "parse"]
