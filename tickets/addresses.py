"""Slips in mail addresses: a domain that is one letter away from one that nearly everybody uses."""

# Where most customers of a Spanish shop have their mail; long enough that one letter is no coincidence.
PROVIDERS = (
    "gmail.com",
    "hotmail.com",
    "hotmail.es",
    "outlook.com",
    "outlook.es",
    "yahoo.com",
    "yahoo.es",
    "icloud.com",
    "googlemail.com",
    "protonmail.com",
    "telefonica.net",
    "movistar.es",
    "orange.es",
    "vodafone.es",
    "euskaltel.net",
)
# Real ones that only look like a slip.
GENUINE = ("ymail.com", "gmx.com", "gmx.es", "mail.com", "email.com", "hotmail.fr", "hotmail.it")
GENUINE += ("outlook.fr", "outlook.it", "outlook.pt", "outlook.de", "yahoo.fr", "yahoo.it", "yahoo.de")
# More than one letter away, and made every day.
SLIPS = {
    "gmail.es": "gmail.com",
    "icloud.es": "icloud.com",
    "gmail.com.es": "gmail.com",
    "gmail": "gmail.com",
}
# No domain ends in these.
ENDINGS = ("con", "cmo", "ocm", "vom", "xom", "comm", "cpm", "coml")

# What a page needs to find the same slips itself, on leaving the field.
LISTS = {"providers": PROVIDERS, "genuine": GENUINE, "slips": SLIPS, "endings": ENDINGS}


def likely_address(address: str) -> str:
    """The address that somebody probably meant; empty where the one they wrote may well be right.

    The name before the domain is theirs and is never touched.
    """
    name, at, domain = address.strip().rpartition("@")
    domain = domain.lower()
    if not at or not name or domain in PROVIDERS + GENUINE:
        return ""
    stem, _dot, ending = domain.rpartition(".")
    mended = f"{stem}.com" if ending in ENDINGS else domain
    likely = SLIPS.get(mended) or _nearest(mended)
    return "" if likely == domain else f"{name}@{likely}"


def _nearest(domain: str) -> str:
    if domain in PROVIDERS + GENUINE:
        return domain
    return next((one for one in PROVIDERS if is_one_slip_away(domain, one)), domain)


def is_one_slip_away(text: str, other: str) -> bool:
    """Whether one letter too many, too few or another, or two in each other's place, make the difference."""
    if abs(len(text) - len(other)) > 1:
        return False
    start = next((i for i, (a, b) in enumerate(zip(text, other, strict=False)) if a != b), None)
    if start is None:
        return text != other
    rest, other_rest = text[start:], other[start:]
    return (
        rest[1:] == other_rest[1:]
        or rest[1:] == other_rest
        or rest == other_rest[1:]
        or (rest[:2] == other_rest[1::-1] and rest[2:] == other_rest[2:] and len(rest) > 1)
    )
