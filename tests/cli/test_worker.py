from __future__ import annotations

import subprocess
import sys

# In a process of its own, because the number of threads is the process's.
THREADS = """
import numpy, threadpoolctl
from kbportal.cli import main
main(["users", "--help"], standalone_mode=False)
print(*{one["num_threads"] for one in threadpoolctl.threadpool_info() if one["user_api"] == "blas"})
"""


def test_sums_of_the_portal_are_made_by_one_thread(home):
    done = subprocess.run([sys.executable, "-c", THREADS], capture_output=True, text=True, cwd=home)

    assert done.returncode == 0, done.stderr
    assert done.stdout.split()[-1] == "1"
