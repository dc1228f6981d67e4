"""A customer's browser without a screen: cookies, forms with their hidden fields, files."""

import http.client
import secrets
from dataclasses import dataclass
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urljoin, urlsplit

from bench.page import Form, Page

File = tuple[str, bytes, str]  # name, content, type


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes
    path: str = ""

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def location(self) -> str:
        return self.headers.get("Location", "")


class Visitor:
    """One person at one browser."""

    def __init__(self, address: str, timeout: float = 30) -> None:
        parts = urlsplit(address)
        self.host, self.port, self.timeout = parts.hostname, parts.port, timeout
        self.origin = f"{parts.scheme}://{parts.netloc}"
        self.is_secure = parts.scheme == "https"
        self.cookies: dict[str, str] = {}

    def get(self, path: str) -> Answer:
        return self._ask("GET", path)

    def hidden_fields(self, path: str) -> dict[str, str]:
        """The hidden fields of a page's form that is sent back to the same address."""
        answer = self.get(path)
        if answer.status != 200:
            raise RuntimeError(f"{path} answered {answer.status}")
        return Page.read(answer.text).form(to=path).hidden

    def post(self, path: str, fields: dict[str, str], files: dict[str, list[File]] | None = None) -> Answer:
        if files is None:
            return self._ask("POST", path, urlencode(fields).encode(), "application/x-www-form-urlencoded")
        return self.send(path, *encode_multipart(fields, files))

    def send(self, path: str, body: bytes, content_type: str) -> Answer:
        """POST a body made before."""
        return self._ask("POST", path, body, content_type)

    def fill(self, form: Form, values: dict[str, str], files: dict[str, list[File]] | None = None) -> Answer:
        """Send a form with some of its values changed."""
        return self.post(form.action, form.fields | values, files)

    def follow(self, answer: Answer) -> Answer:
        """Where an answer leads, as far as it leads."""
        for _ in range(5):
            if not answer.location:
                return answer
            parts = urlsplit(urljoin(self.origin, answer.location))
            answer = self.get(parts.path + (f"?{parts.query}" if parts.query else ""))
        raise RuntimeError(f"no end of redirections at {answer.location}")

    def _ask(self, method: str, path: str, body: bytes | None = None, content_type: str = "") -> Answer:
        headers = {"Origin": self.origin, "Referer": f"{self.origin}{path}", "Accept": "text/html"}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if content_type:
            headers["Content-Type"] = content_type
        connect = http.client.HTTPSConnection if self.is_secure else http.client.HTTPConnection
        connection = connect(self.host, self.port, timeout=self.timeout)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            answer = Answer(response.status, response.headers, response.read(), path)
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
