"""JSON Schema of the answers, made from the classes that they are."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from types import NoneType, UnionType
from typing import Annotated, Any, get_args, get_origin, get_type_hints

Schema = dict[str, Any]

_PLAIN: dict[object, str] = {
    str: "string",
    int: "integer",
    float: "number",
    bool: "boolean",
    NoneType: "null",
}


def object_schema(row: type) -> Schema:
    """The schema of one class of `rows`; others that it holds are referred to by name."""
    hints = get_type_hints(row, include_extras=True)
    return {
        "type": "object",
        "description": " ".join((row.__doc__ or "").split()),
        "properties": {one.name: _schema(hints[one.name]) for one in fields(row)},
        "required": [one.name for one in fields(row)],
    }


def reference(row: type) -> Schema:
    """A reference to the schema of a class."""
    return {"$ref": f"#/components/schemas/{row.__name__}"}


def _schema(hint: Any) -> Schema:
    if get_origin(hint) is Annotated:
        plain, says = get_args(hint)
        return _schema(plain) | {"description": says}
    if hint in _PLAIN:
        return {"type": _PLAIN[hint]}
    if isinstance(hint, type) and is_dataclass(hint):
        return reference(hint)
    if isinstance(hint, UnionType):
        return {"type": [_PLAIN[part] for part in get_args(hint)]}
    if get_origin(hint) is tuple:
        return {"type": "array", "items": _schema(get_args(hint)[0])}
    if get_origin(hint) is dict:
        return {"type": "object", "additionalProperties": _schema(get_args(hint)[1])}
    raise TypeError(f"{hint} has no place in an answer")
