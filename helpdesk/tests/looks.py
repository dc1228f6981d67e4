"""The same page by day and by night, on a desk and on a telephone, without loading it again."""

from collections.abc import Callable, Sequence

LOOKS = (("light", 1280), ("dark", 320), ("light", 320), ("dark", 1280))


def dress(page, looks: Sequence[tuple[str, int]], axe: Callable, overflow: Callable) -> dict[str, object]:
    """What axe finds in each look and by how much it scrolls sideways; empty when all is well."""
    problems = {}
    for scheme, width in looks:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 800})
        found = axe(page)
        if too_wide := overflow(page):
            found["overflow"] = too_wide
        if found:
            problems[f"{scheme} {width}"] = found
    page.emulate_media(color_scheme=looks[0][0])
    page.set_viewport_size({"width": looks[0][1], "height": 800})
    return problems
