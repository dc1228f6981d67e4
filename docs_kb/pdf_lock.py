"""Whether a PDF asks for a password before it shows anything.

Many invoices are encrypted with an empty password, only to forbid changes: everybody can open them, and
they are welcome. The standard security handler is described in ISO 32000-1, 7.6.3; revision 6 (ISO
32000-2) needs AES to be tried and is taken as open, because refusing a file that opens is worse.
"""

import hashlib
import re

PADDING = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")
LONGEST_ID = 400
_REFERENCE = re.compile(rb"/Encrypt\s+(\d+)\s+(\d+)\s+R\b")
_NUMBER = rb"/%s\s+(-?\d+)"
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def is_locked(data: bytes) -> bool:
    """Whether the empty password opens nothing; False for what cannot be told."""
    dictionary = _encryption_dictionary(data)
    if dictionary is None:
        return False
    revision, stored = _number(dictionary, b"R", 0), _string(dictionary, b"U")
    if revision in (2, 3, 4):
        return not _opens_with_rc4(data, dictionary, revision, stored)
    if revision == 5:
        return hashlib.sha256(stored[32:40]).digest() != stored[:32]
    return False


def _encryption_dictionary(data: bytes) -> bytes | None:
    reference = _REFERENCE.search(data)
    if reference is None:
        return None
    start = re.search(rb"(?<!\d)%s\s+%s\s+obj\b" % reference.groups(), data)
    return data[start.end() : start.end() + 4096].split(b"endobj")[0] if start else None


def _opens_with_rc4(data: bytes, dictionary: bytes, revision: int, stored: bytes) -> bool:
    """Algorithms 2, 4 and 5: the key that the empty password makes, and what it must encrypt to."""
    size = 5 if revision == 2 else max(5, min(_number(dictionary, b"Length", 40) // 8, 16))
    permissions = _number(dictionary, b"P", 0) & 0xFFFFFFFF
    first_id = _first_id(data)
    material = PADDING + _string(dictionary, b"O")[:32] + permissions.to_bytes(4, "little") + first_id
    if revision == 4 and re.search(rb"/EncryptMetadata\s+false", dictionary):
        material += b"\xff\xff\xff\xff"
    key = hashlib.md5(material, usedforsecurity=False).digest()
    if revision == 2:
        return _rc4(key[:size], PADDING) == stored[:32]
    if revision == 4:
        size = 16
    for _ in range(50):
        key = hashlib.md5(key[:size], usedforsecurity=False).digest()
    expected = hashlib.md5(PADDING + first_id, usedforsecurity=False).digest()
    for number in range(20):
        expected = _rc4(bytes(byte ^ number for byte in key[:size]), expected)
    return expected == stored[:16]


def _rc4(key: bytes, data: bytes) -> bytes:
    state, j = list(range(256)), 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    output, i, j = bytearray(), 0, 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        output.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(output)


def _number(dictionary: bytes, name: bytes, default: int) -> int:
    """The first number of that name outside the crypt filters, which repeat `/Length` in bytes."""
    outside = re.sub(rb"/CF\s*<<.*?>>\s*>>", b"", dictionary, flags=re.DOTALL)
    found = re.search(_NUMBER % name, outside)
    return int(found[1]) if found else default


def _first_id(data: bytes) -> bytes:
    """The first half of the file's identifier; later trailers of the same file repeat it."""
    found = re.search(rb"/ID\s*\[\s*", data)
    return _string_at(data[found.end() : found.end() + LONGEST_ID], 0) if found else b""


def _string(dictionary: bytes, name: bytes) -> bytes:
    found = re.search(rb"/%s\s*(?=[(<])" % name, dictionary)
    return _string_at(dictionary, found.end()) if found else b""


def _string_at(data: bytes, start: int) -> bytes:
    """A literal `(…)` or hexadecimal `<…>` string (7.3.4)."""
    if data[start : start + 1] == b"<":
        digits = re.sub(rb"[^0-9A-Fa-f]", b"", data[start : data.find(b">", start)])
        return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode())
    output, position, depth = bytearray(), start + 1, 1
    while position < len(data):
        byte = data[position : position + 1]
        if byte == b"\\":
            octal = re.compile(rb"[0-7]{1,3}").match(data, position + 1)
            if octal:
                output.append(int(octal[0], 8) & 0xFF)
                position = octal.end()
            else:
                escaped = data[position + 1 : position + 2]
                output += b"" if escaped in b"\r\n" else _ESCAPES.get(escaped, escaped)
                position += 2
            continue
        depth += (byte == b"(") - (byte == b")")
        if depth == 0:
            break
        output += byte
        position += 1
    return bytes(output)
