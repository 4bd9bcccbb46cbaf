"""XPath as ODK forms use it: text → tree (`parse`), tree → value (`evaluate`), and the table of functions."""

from forms.xpath.parse import XPathError, is_call, parse

__all__ = ["XPathError", "is_call", "parse"]
