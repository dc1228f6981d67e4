"""A Markdown file with front matter <-> its values and its body, as text.

The header is a little of YAML: names with words, and lists of them. Everything is read as text, nothing
refers to anything else, and a header longer than an article could need is refused before it is parsed.
"""

import json
import re
from collections.abc import Mapping

import yaml

MARK = "---"
LONGEST_HEADER = 30_000
# What YAML refuses or takes for the end of a line although JSON does not.
NOT_PLAIN = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


class Refused(ValueError):
    """A file that is no article; the text says why."""


class _PlainLoader(yaml.BaseLoader):
    """Every value is text; «*name» would let a few lines grow into gigabytes."""

    def compose_node(self, parent, index):
        if self.check_event(yaml.AliasEvent):
            raise Refused("usa referencias («*»)")
        return super().compose_node(parent, index)


def split(text: str) -> tuple[dict, str]:
    """The values of the header and the body after it, as it is. Raises Refused."""
    lines = text.split("\n")
    ends = (number for number, line in enumerate(lines) if number and line.rstrip() == MARK)
    if lines[0].rstrip() != MARK or (end := next(ends, None)) is None:
        raise Refused("le falta la cabecera entre «---»")
    body = "\n".join(lines[end + 1 :])
    return parse("\n".join(lines[1:end])), body.removeprefix("\n")


def parse(text: str) -> dict:
    """A header's values by name: text, or lists and mappings of text. Raises Refused."""
    values = load(text, longest=LONGEST_HEADER)
    if not isinstance(values, dict) or not all(isinstance(name, str) for name in values):
        raise Refused("la cabecera tiene que decir «nombre: valor» en cada línea")
    return values


def load(text: str, *, longest: int) -> object:
    """Text, lists and mappings of a YAML document. Raises Refused."""
    if len(text) > longest:
        raise Refused(f"la cabecera o la lista pasa de {longest} caracteres")
    try:
        return yaml.load(text, _PlainLoader)
    except Refused:
        raise
    except yaml.MarkedYAMLError as error:
        line = f", línea {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise Refused(f"no se puede leer como YAML{line}")
    except (yaml.YAMLError, RecursionError, ValueError):
        raise Refused("no se puede leer como YAML")


def join(values: Mapping[str, object], body: str) -> str:
    """A file that `split` reads back as it was; the values as JSON, which is YAML too."""
    lines = [f"{name}: {_written(value)}" for name, value in values.items()]
    return "\n".join([MARK, *lines, MARK, "", body])


def _written(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return NOT_PLAIN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
