"""Text that came in an address, readable whatever bytes an old page or mail program wrote into it.

Browsers write UTF-8. Links made by hand and forms of old pages may write the bytes of Windows
(«contrase%F1a»), which would reach the page as replacement characters.
"""

from urllib.parse import parse_qsl

from django.http import HttpRequest

REPLACEMENT = "\ufffd"


def text_in(request: HttpRequest, name: str) -> str:
    """The last value of a parameter, empty without one; never with a replacement character."""
    text = request.GET.get(name, "")
    if REPLACEMENT in text:
        text = _as_windows_wrote(request.META.get("QUERY_STRING", ""), name) or text
    return text.replace(REPLACEMENT, " ")


def _as_windows_wrote(query_string: str, name: str) -> str:
    pairs = parse_qsl(query_string, keep_blank_values=True, encoding="latin-1")
    values = [value for key, value in pairs if key == name]
    return values[-1].encode("latin-1", "replace").decode("cp1252", "replace") if values else ""
