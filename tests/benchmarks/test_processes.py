from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from benchmarks.processes import children_of, tree_of


def test_children_that_a_thread_has_started_count_too():
    with ThreadPoolExecutor(1) as threads:
        command = [sys.executable, "-c", "input()"]
        child = threads.submit(subprocess.Popen, command, stdin=subprocess.PIPE).result()
        try:
            assert child.pid in children_of(os.getpid())
            assert child.pid in tree_of(os.getpid())
        finally:
            child.communicate()


def test_a_process_that_is_gone_has_no_children():
    assert children_of(2**22 + 1) == []
