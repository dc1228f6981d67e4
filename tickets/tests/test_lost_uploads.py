"""A name that cannot be read is seen wherever the reads of the body cut it, and no other name is."""

import io

import pytest

from tickets.lost_uploads import _Watch

PARTS = (
    b'--limit\r\nContent-Disposition: form-data; name="description"\r\n\r\nfilename="\xf1"\r\n',
    b'--limit\r\nContent-Disposition: form-data; name="attachments"; filename=""\r\n\r\n\r\n',
    b'--limit\r\nContent-Disposition: form-data; name="attachments"; filename="NAME"\r\n'
    b"Content-Type: image/png\r\n\r\n\xf1\r\n",
    b'--limit\r\nContent-Disposition: form-data; name="a\xf1o"\r\n\r\n\r\n',
    b'--limit\r\nContent-Disposition: form-data; name="attachments"; filename="b.png"\r\n\r\n\r\n',
    b"--limit--\r\n",
)


@pytest.mark.parametrize(
    ("name", "is_lost"),
    [("año.png".encode(), False), (b"a\xf1o.png", True), (b"..", True), ("\u200b".encode(), True)],
)
def test_unreadable_name_is_seen_at_every_cut(name, is_lost):
    body = b"".join(PARTS).replace(b"NAME", name)
    for size in range(1, len(body) + 1):
        watch = _Watch(io.BytesIO(body), b"--limit")
        while watch.read(size):
            pass
        assert watch.has_seen_unreadable_name is is_lost, size
