"""An element of a program's values, as prose quotes it: `curves[chrono][4]`.

In brackets stands a key of a dict, written as Python prints it but without quotes (of a tuple, its parts with a comma
between them), or the index of a list, tuple or array, from the end if it is negative.
"""

from __future__ import annotations

import re
from difflib import get_close_matches

# A value and its elements. A key may hold anything but brackets and braces.
PATTERN = r"[^\W\d]\w*(?:\[[^\[\]{}]+\])*"


def find(values: dict, quoted: str) -> bool | int | float | str:
    """The value that `quoted` names. Raises LookupError that says what there is instead, by the nearest right form."""
    name, *keys = (part.strip() for part in re.split(r"\]\[|[\[\]]", quoted) if part.strip())
    if name not in values:
        known = ", ".join(one + "[…]" * isinstance(values[one], (dict, list)) for one in sorted(values))
        raise LookupError(f"no value {name!r}; it has {known or 'none'}")
    value, path = values[name], name
    for key in keys:
        value, path = _within(value, key, path)
    if isinstance(value, (dict, list)):
        first = next(iter(value)) if isinstance(value, dict) else 0
        raise LookupError(f"no single value {path!r}; quote one of its elements, as in {path}[{first}]")
    if value is None:
        raise LookupError(f"no value to quote at {path!r}: it is neither a number nor text")
    return value


def _within(value, key: str, path: str):
    """The element `key` of `value`, which prose calls `path`, and what prose calls the element."""
    if isinstance(value, dict):
        # spaces after the commas of a tuple are free
        spelt = {re.sub(r",\s*", ", ", one): one for one in value}
        key = re.sub(r",\s*", ", ", key)
        if key not in spelt:
            near = get_close_matches(key, spelt, 1, 0) or list(spelt)
            raise LookupError(f"no key {key!r} in {path!r}; the nearest is {path}[{near[0]}], of {len(spelt)}")
        return value[spelt[key]], f"{path}[{key}]"
    if not isinstance(value, list):
        raise LookupError(f"no element {key!r} in {path!r}, which is one value: quote {path}")
    count = len(value)
    if not re.fullmatch(r"-?\d+", key):
        raise LookupError(f"no element {key!r} in {path!r}, which has no keys but {count} elements: quote {path}[0]")
    if not -count <= int(key) < count:
        nearest = count - 1 if int(key) > 0 else -count
        raise LookupError(f"no element {key} in {path!r}, which has {count}; the nearest is {path}[{nearest}]")
    return value[int(key)], f"{path}[{key}]"
