"""Notices files that Django leaves out of a form without a word: those whose names are not UTF-8, or no
names of files.

No handler of an upload hears of such a part, so this one looks at the body as it is read.
"""

from typing import IO

from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, QueryDict
from django.http.multipartparser import MAX_TOTAL_HEADER_SIZE, MultiPartParser
from django.utils.datastructures import MultiValueDict
from django.utils.http import parse_header_parameters


def has_lost_upload(request: HttpRequest) -> bool:
    """Whether the form that was read held a file under a name that could not be read."""
    return any(handler.has_lost for handler in request.upload_handlers if isinstance(handler, LostUploads))


class LostUploads(FileUploadHandler):
    """First of the handlers: reads the form with the others, and what it reads passes by `_Watch`."""

    has_lost = False

    def handle_raw_input(
        self, input_data: IO[bytes], META: dict, content_length: int, boundary: bytes, encoding=None
    ) -> tuple[QueryDict, MultiValueDict]:
        others = [handler for handler in self.request.upload_handlers if handler is not self]
        watch = _Watch(input_data, b"--" + boundary)
        form = MultiPartParser(META, watch, others, encoding).parse()
        self.has_lost = watch.has_seen_unreadable_name
        return form


class _Watch:
    """A body that is looked at while it is read: at the header of each part, wherever the reads cut it."""

    def __init__(self, body: IO[bytes], delimiter: bytes) -> None:
        self.body = body
        self.delimiter = delimiter
        self.rest = b""
        self.has_seen_unreadable_name = False

    def read(self, size: int = -1) -> bytes:
        data = self.body.read(size)
        seen = self.rest + data
        at = seen.find(self.delimiter)
        while at >= 0:
            begins = at + len(self.delimiter)
            ends = seen.find(b"\r\n\r\n", begins, begins + MAX_TOTAL_HEADER_SIZE)
            if ends >= 0:  # else it is the last delimiter, or the next read brings the whole header
                lines = seen[begins:ends].split(b"\r\n")
                self.has_seen_unreadable_name |= any(map(_is_unreadable_name, lines))
            at = seen.find(self.delimiter, begins)
        self.rest = seen[-MAX_TOTAL_HEADER_SIZE - len(self.delimiter) :]
        return data


def _is_unreadable_name(line: bytes) -> bool:
    """Whether a line names a file so that Django drops it: in bytes that it cannot decode, or «..» and the
    like."""
    if b"filename" not in line:
        return False
    try:
        name = parse_header_parameters(line.decode())[1].get("filename")
    except (UnicodeDecodeError, ValueError):
        return True
    return bool(name) and MultiPartParser.sanitize_file_name(None, name) is None
