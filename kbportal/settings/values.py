"""What an operator wrote, as the type that a setting has."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any


def coerced(value: Any, default: Any) -> Any:
    """The value in the type of a setting's default. Raises TypeError or ValueError saying why."""
    if isinstance(default, bool):
        return _as_bool(value)
    if isinstance(default, tuple):
        items = value.split(",") if isinstance(value, str) else list(value)
        return tuple(str(item).strip() for item in items if str(item).strip())
    if isinstance(default, Path):
        if "\0" in str(value):
            raise ValueError("a path holds no NUL character")
        return Path(value)
    if isinstance(value, bool):
        raise TypeError("a number or text is expected")
    if isinstance(default, int | float):
        return _as_number(value, default)
    return str(value)


def _as_number(value: Any, default: float) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise ValueError("a finite number is expected")
    if isinstance(default, int):
        if number != int(number):
            raise ValueError("a whole number is expected")
        return int(number)
    return number


def _as_bool(value: Any) -> bool:
    text = str(value).strip().lower()
    if text in {"1", "true", "yes", "on"}:
        return True
    if text in {"0", "false", "no", "off"}:
        return False
    raise ValueError("say true or false")
