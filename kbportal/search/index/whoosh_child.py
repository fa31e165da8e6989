"""The process that writes a whole Whoosh index, while its parent counts: one document per line."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from kbportal.search.index.whoosh_index import END, Document, write_documents


def main() -> None:
    """Write the documents on standard input into the folder that is named."""
    write_documents(Path(sys.argv[1]), _documents(sys.stdin.buffer))


def _documents(lines: Iterable[bytes]) -> Iterator[Document]:
    for line in lines:
        if line == END:
            return
        yield json.loads(line)
    sys.exit("the builder has died")


if __name__ == "__main__":
    main()
