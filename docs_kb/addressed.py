"""Text that came in an address, readable whatever bytes an old page or mail program wrote into it.

Browsers write UTF-8. Links made by hand and forms of old pages may write the bytes of Windows
(«contrase%F1a»), which would reach the page as replacement characters.
"""

from urllib.parse import parse_qsl, unquote_to_bytes

from django.http import HttpRequest

REPLACEMENT = "\ufffd"


def text_in(request: HttpRequest, name: str) -> str:
    """The last value of a parameter, empty without one; never with a replacement character."""
    text = request.GET.get(name, "")
    query_string = request.META.get("QUERY_STRING", "")
    if REPLACEMENT in text and not _is_utf8(query_string):
        text = _as_windows_wrote(query_string, name) or text
    return text.replace(REPLACEMENT, " ")


def _is_utf8(query_string: str) -> bool:
    """Whether a replacement character came as such: copied from a page that was broken already."""
    try:
        return bool(unquote_to_bytes(query_string).decode())
    except UnicodeDecodeError:
        return False


def _as_windows_wrote(query_string: str, name: str) -> str:
    pairs = parse_qsl(query_string, keep_blank_values=True, encoding="latin-1")
    values = [value for key, value in pairs if key == name]
    return values[-1].encode("latin-1", "replace").decode("cp1252", "replace") if values else ""
