"""Names that stand in the code only where they are used: rules of lint, codes of refusals."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import kbportal

CODE = Path(kbportal.__file__).parent

# Function → where the rule and the severity stand among its arguments; or the severity itself.
_REPORTERS: dict[str, tuple[int, int | str]] = {
    "Problem": (2, 3),
    "report": (0, 1),
    "warn": (0, "warning"),
    "_warning": (1, "warning"),
}
# These hand on what they were given; who calls them is read instead.
_HANDED_ON = {"warn", "report", "_warning", "_complain"}
_FIELD_READERS = {"date": "warning", "flag": "warning", "choice": "error"}


def rule_severities() -> dict[str, str]:
    """Every rule that reading, linting or rendering articles can report → its severity."""
    found: dict[str, str] = {}
    for path in sorted((CODE / "articles").glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found |= dict(_reported(tree, _constants(tree)))
        found |= dict(_complained(tree))
    return found


def refusal_codes() -> set[str]:
    """Every code that the API refuses with, and those of foreseen failures that it meets."""
    codes = {"index_missing", "storage_unavailable", "event_unknown", "event_invalid"}
    for path in (CODE / "web" / "api").glob("*.py"):
        for call, name in _calls(ast.parse(path.read_text(encoding="utf-8"))):
            if name in {"Refused", "Problem"}:
                at = 1 if name == "Refused" else 0
                if len(call.args) > at and isinstance(call.args[at], ast.Constant):
                    codes.add(str(ast.literal_eval(call.args[at])))
    return codes


def _reported(tree: ast.Module, constants: dict[str, str]) -> Iterator[tuple[str, str]]:
    for function in _functions(tree):
        for call, name in _calls(function, nested=False):
            if name not in _REPORTERS:
                continue
            rule_at, severity = _REPORTERS[name]
            rule = _text(call.args[rule_at], constants)
            if rule is None:
                assert function.name in _HANDED_ON, f"cannot read {ast.unparse(call)}"
                continue
            shown = severity if isinstance(severity, str) else _text(call.args[severity], constants)
            assert shown, f"cannot read {ast.unparse(call)}"
            yield rule, shown


def _complained(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """`fields.date("updated")` may report `bad-updated`."""
    for call, name in _calls(tree):
        if name in _FIELD_READERS and ast.unparse(call.func) == f"fields.{name}":
            key = str(ast.literal_eval(call.args[0]))
            yield f"bad-{key.replace('_', '-')}", _FIELD_READERS[name]


def _functions(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def _calls(tree: ast.AST, *, nested: bool = True) -> Iterator[tuple[ast.Call, str]]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef) and not nested:
            continue
        if isinstance(node, ast.Call):
            yield node, ast.unparse(node.func).rpartition(".")[2]
        yield from _calls(node, nested=nested)


def _constants(tree: ast.Module) -> dict[str, str]:
    return {
        ast.unparse(node.targets[0]): node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    }


def _text(node: ast.expr, constants: dict[str, str]) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return constants.get(node.id) if isinstance(node, ast.Name) else None
