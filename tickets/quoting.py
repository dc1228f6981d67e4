"""Where in a message the copy of an earlier one begins, so that pages can fold it away.

It errs on the side of showing: only a tail is folded, and never a whole message.
"""

import re

# Within a line: across lines, thousands of empty ones would be looked through again from each.
_BLANKS = r"[^\S\n]*"
# «El lun, 2 nov 2026 a las 9:14, Soporte (<soporte@example.com>) escribió:», perhaps over two lines.
_ATTRIBUTION = re.compile(
    r"^(?:El|On|Am|Le|Em)\s[^\n]{4,200}(?:\n[^\n]{1,200})?(?:escribió|escribía|wrote|ha escrito)\s*:\s*$",
    re.MULTILINE,
)
_DIVIDER = re.compile(
    rf"^{_BLANKS}(?:-{{2,}}{_BLANKS}(?:Mensaje original|Original Message|Mensaje reenviado){_BLANKS}-{{2,}}"
    rf"|— Escribe por encima de esta línea —|_{{20,}}){_BLANKS}$",
    re.MULTILINE | re.IGNORECASE,
)


def split_quote(text: str) -> tuple[str, str]:
    """What was written, and the quoted tail after it (empty when there is none)."""
    starts = [match.start() for pattern in (_ATTRIBUTION, _DIVIDER) for match in pattern.finditer(text)]
    start = min((at for at in starts if _is_tail(text, at)), default=None)
    if start is None and (tail := _quoted_lines(text)) is not None:
        start = tail
    if start is None or not text[:start].strip():
        return text, ""
    return text[:start].rstrip(), text[start:].strip("\n")


def _is_tail(text: str, start: int) -> bool:
    """Whether what follows a dividing line is only quotation: nobody wrote below or between it."""
    below = text[start:].split("\n")[1:]
    has_marks = any(line.startswith(">") for line in below)
    return not has_marks or all(line.startswith(">") or not line.strip() for line in _after_head(below))


def _after_head(lines: list[str]) -> list[str]:
    """The lines from the first quoted one on: an attribution may take two lines."""
    first = next(number for number, line in enumerate(lines) if line.startswith(">"))
    return lines[first:]


def _quoted_lines(text: str) -> int | None:
    """Where the last run of lines that begin with «>» starts, when nothing comes after it."""
    lines = text.split("\n")
    number = len(lines)
    while number and (lines[number - 1].startswith(">") or not lines[number - 1].strip()):
        number -= 1
    has_quote = any(line.startswith(">") for line in lines[number:])
    return len("\n".join(lines[:number])) if has_quote else None
