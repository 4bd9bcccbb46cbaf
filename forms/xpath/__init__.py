"""XPath as ODK forms use it: text → tree (`parse`), tree → value (`evaluate`), functions, faults of calls."""

from forms.xpath.calls import faults_in
from forms.xpath.names import functions_in
from forms.xpath.parse import XPathError, is_call, parse

__all__ = ["XPathError", "faults_in", "functions_in", "is_call", "parse"]
