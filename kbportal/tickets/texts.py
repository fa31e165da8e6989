"""What customers write, as plain text: line breaks stay, everything invisible goes."""

from __future__ import annotations

from kbportal.kernel.text import normalise


def clean_lines(text: str) -> str:
    """Each line normalised; at most one empty line between two others, none at either end."""
    kept: list[str] = []
    for line in map(normalise, text.splitlines()):
        if line or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept).strip("\n")
