from __future__ import annotations

import subprocess
import sys

import pytest

# In a process of its own, because the number of threads is the process's.
THREADS = """
import threadpoolctl
{before}
from kbportal.cli import main
main(["users", "--help"], standalone_mode=False)
import numpy
for one in threadpoolctl.threadpool_info():
    print(one["num_threads"] if one["user_api"] == "blas" else "")
"""


@pytest.mark.parametrize("before", ["import numpy", ""])
def test_sums_of_the_portal_are_made_by_one_thread(home, before):
    program = THREADS.format(before=before)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=home)

    assert done.returncode == 0, done.stderr
    assert done.stdout.split()[-1] == "1"
