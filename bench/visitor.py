"""A customer's browser without a screen: cookies, forms with their hidden fields, files."""

import http.client
import secrets
from dataclasses import dataclass
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

File = tuple[str, bytes, str]  # name, content, type


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def location(self) -> str:
        return self.headers.get("Location", "")


class FormReader(HTMLParser):
    """The values of a page's form that has a field of a given name."""

    def __init__(self, wanted: str) -> None:
        super().__init__()
        self.wanted = wanted
        self.values: dict[str, str] = {}
        self._current: dict[str, str] = {}
        self._names: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        fields = dict(attrs)
        if tag == "form":
            self._current, self._names = {}, set()
        elif tag in ("input", "textarea", "select") and (name := fields.get("name")):
            self._names.add(name)
            if fields.get("type") == "hidden":
                self._current[name] = fields.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self.wanted in self._names:
            self.values = self._current


class Visitor:
    """One person at one browser."""

    def __init__(self, address: str, timeout: float = 30) -> None:
        parts = urlsplit(address)
        self.host, self.port, self.timeout = parts.hostname, parts.port, timeout
        self.cookies: dict[str, str] = {}

    def get(self, path: str) -> Answer:
        return self._ask("GET", path)

    def hidden_fields(self, path: str, *, beside: str) -> dict[str, str]:
        """The hidden fields of the form on a page that also has the field `beside`."""
        answer = self.get(path)
        if answer.status != 200:
            raise RuntimeError(f"{path} answered {answer.status}")
        reader = FormReader(beside)
        reader.feed(answer.text)
        if not reader.values:
            raise RuntimeError(f"{path} has no form with {beside}")
        return reader.values

    def post(self, path: str, fields: dict[str, str], files: dict[str, list[File]] | None = None) -> Answer:
        if files is None:
            return self._ask("POST", path, urlencode(fields).encode(), "application/x-www-form-urlencoded")
        return self.send(path, *encode_multipart(fields, files))

    def send(self, path: str, body: bytes, content_type: str) -> Answer:
        """POST a body made before."""
        return self._ask("POST", path, body, content_type)

    def open_ticket(self, fields: dict[str, str], pictures: list[File] = ()) -> Answer:
        """Fill in the ticket form and send it."""
        hidden = self.hidden_fields("/tickets/nuevo/", beside="description")
        return self.post("/tickets/nuevo/", hidden | fields, {"attachments": list(pictures)})

    def _ask(self, method: str, path: str, body: bytes | None = None, content_type: str = "") -> Answer:
        headers = {"Origin": f"http://{self.host}:{self.port}", "Accept": "text/html"}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if content_type:
            headers["Content-Type"] = content_type
        connection = http.client.HTTPConnection(self.host, self.port, timeout=self.timeout)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            answer = Answer(response.status, response.headers, response.read())
        finally:
            connection.close()
        for line in answer.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        return answer


def encode_multipart(fields: dict[str, str], files: dict[str, list[File]]) -> tuple[bytes, str]:
    """A form with files as a body and its content type."""
    boundary = secrets.token_hex(16)
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    for field, uploads in files.items():
        for name, content, content_type in uploads:
            head = f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n'
            parts += [f"{head}Content-Type: {content_type}\r\n\r\n".encode(), content, b"\r\n"]
    return b"".join([*parts, f"--{boundary}--\r\n".encode()]), f"multipart/form-data; boundary={boundary}"
