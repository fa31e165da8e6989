"""YAML in which every value is the text that was typed: no numbers, dates, booleans, no code.

`title: 2024`, `title: no` and `title: 1.10` are titles. Aliases are refused, for what they
multiply to; a key given twice is refused, for nobody knows which was meant.
"""

from __future__ import annotations

from typing import Any, ClassVar

import yaml

from kbportal.kernel.errors import PortalError

_EMPTY = {"~", "null", "Null", "NULL"}
_MOST_BRACKETS = 500


class YamlRefused(PortalError):
    """Text that is no YAML, or not the simple kind; `line` counts from 0."""

    code: ClassVar[str] = "yaml_refused"

    def __init__(self, message: str, *, line: int) -> None:
        super().__init__(message, line=line)
        self.line = line


def load_text(text: str) -> tuple[Any, dict[str, int]]:
    """What the text says, in strings, lists and dictionaries; and each top key's line from 0.

    Raises:
        YamlRefused: With what to write instead.
    """
    node = _compose(text)
    if node is None:
        return {}, {}
    value = _plain(node)
    is_mapping = isinstance(node, yaml.MappingNode)
    lines = {str(k.value): _line(k.start_mark) for k, _ in node.value} if is_mapping else {}
    return value, lines


def _compose(text: str) -> yaml.Node | None:
    if text.count("[") + text.count("{") > _MOST_BRACKETS:
        raise YamlRefused("has too many brackets", line=0)
    try:
        _refuse_aliases(text)
        node: yaml.Node | None = _loader(text).get_single_node()
    except (yaml.YAMLError, UnicodeError, RecursionError) as error:
        raise _explained(error) from error
    return node


def _loader(text: str) -> Any:
    return getattr(yaml, "CBaseLoader", yaml.BaseLoader)(text)


def _refuse_aliases(text: str) -> None:
    if "*" not in text:
        return
    loader = _loader(text)
    while loader.check_event():
        event = loader.get_event()
        if isinstance(event, yaml.AliasEvent):
            raise YamlRefused(
                "a value must not start with *: put it in quotes", line=_line(event.start_mark)
            )


def _plain(node: yaml.Node) -> Any:
    if isinstance(node, yaml.SequenceNode):
        return [_plain(one) for one in node.value]
    if isinstance(node, yaml.MappingNode):
        return _mapping(node)
    is_bare = not getattr(node, "style", None)
    return "" if is_bare and node.value in _EMPTY else node.value


def _mapping(node: yaml.MappingNode) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in node.value:
        name, read = str(key.value), _plain(value)
        if found.get(name, read) != read:
            raise YamlRefused(
                f"`{name}` is given twice: keep one of them", line=_line(key.start_mark)
            )
        found[name] = read
    return found


def _explained(error: Exception) -> YamlRefused:
    mark = getattr(error, "problem_mark", None)
    opened = getattr(error, "context_mark", None)
    context = getattr(error, "context", None) or ""
    if "quoted scalar" in context:
        return YamlRefused(
            "a quote is opened here and not closed: close it, or leave both out",
            line=_line(opened),
        )
    if "tab character" in str(error):
        return YamlRefused("is indented by a tab: use spaces", line=_line(mark))
    reason = getattr(error, "problem", None) or "it holds characters that cannot be read"
    return YamlRefused(
        f"cannot be read ({reason}): write `key: value`, the value in quotes if in doubt",
        line=_line(mark),
    )


def _line(mark: Any) -> int:
    return int(mark.line) if mark else 0
