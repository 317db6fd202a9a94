"""What a process that serves does to stay small."""

from __future__ import annotations

import ctypes
import os
import platform
import subprocess
import sys

import pytest

from config import ROOT
from tracker import serving

SIGN_INS = """
import sys, threading
from tracker import serving
from tracker.team.passwords import hash_password, matches

def memory():
    lines = open("/proc/self/status").read().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))

if sys.argv[1] == "small":
    serving.keep_heap_small()
stored = hash_password("a long password")
before = memory()
for _turn in range(3):
    threads = [threading.Thread(target=matches, args=(stored, "another password")) for _number in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
print(memory() - before)
"""


def kept_by_sign_ins(how: str) -> int:
    """Kilobytes that four people's signing in at once leaves with a process."""
    command = [sys.executable, "-c", SIGN_INS, how]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True,
                          text=True, check=True)  # fmt: skip
    return int(done.stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc keeps what threads took")
def test_what_a_passwords_check_took_is_given_back() -> None:
    assert kept_by_sign_ins("small") < 8_000


@pytest.mark.parametrize("system", ["linux", "win32"])
def test_another_c_library_is_left_as_it_is(monkeypatch: pytest.MonkeyPatch, system: str) -> None:
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(ctypes, "CDLL", lambda _name: object())  # it has neither mallopt nor malloc_trim
    serving.keep_heap_small()
    serving.give_back()
