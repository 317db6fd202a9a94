"""Starting servers as `tracker serve` does, and what they weigh."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from config import ROOT, Config

MODULES = os.pathsep.join((str(ROOT), str(ROOT / "tools")))  # where processes of ours find what they import
PATIENCE = 60  # seconds until a server must answer


def free_port() -> int:
    """A port nobody listens at just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment_of(config: Config) -> dict[str, str]:
    """The environment in which a process of ours has these settings."""
    return {
        "TRACKER_ENV": config.environment,
        "TRACKER_DATA": str(config.data),
        "TRACKER_DATABASE_URL": config.database_url,
        "TRACKER_SECRET_KEY": config.secret_key,
    }


@contextmanager
def serving(config: Config, arguments: Sequence[str], port: int, path: str) -> Iterator[tuple[int, float]]:
    """Run a server in a process of its own until it is no longer needed.

    Yields its process id and after how many seconds `path` answered.
    """
    environ = os.environ | environment_of(config) | {"PYTHONPATH": MODULES}
    began = time.monotonic()
    server = subprocess.Popen(arguments, env=environ, cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        _await(server, f"http://127.0.0.1:{port}{path}")
        yield server.pid, time.monotonic() - began
    finally:
        server.terminate()
        server.wait(30)


def _await(server: subprocess.Popen[bytes], address: str) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if server.poll() is not None:
            raise RuntimeError(f"the server ended with {server.returncode}")
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310  our own loopback address
                return
        except OSError:
            time.sleep(0.02)
    raise RuntimeError(f"{address} does not answer")


def product(port: int) -> list[str]:
    """The command that serves the product."""
    return [str(Path(sys.executable).with_name("tracker")), "serve", "--port", str(port)]


def bare(port: int) -> list[str]:
    """The command that serves the bare page."""
    return [sys.executable, "-m", "benching.bare", str(port)]


def weight(pid: int) -> int:
    """Proportional set size of a process and its children, in bytes; 0 where the system does not tell."""
    total = 0
    for one in (pid, *_children(pid)):
        try:
            lines = Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
    return total


def memory_now() -> int:
    """Bytes of memory that this process has just now."""
    return _status("VmRSS")


def memory_at_most() -> int:
    """Bytes of memory that this process ever had. (`getrusage` begins with what its parent had.)"""
    return _status("VmHWM")


def _status(name: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(name))


def spent(pid: int) -> float:
    """Seconds of processor time that a process and its children have used; 0 where the system does not tell."""
    total = 0
    for one in (pid, *_children(pid)):
        for task in Path(f"/proc/{one}/task").glob("*/schedstat"):
            total += int(task.read_text().split()[0])
    return total / 1e9


def _children(pid: int) -> list[int]:
    try:
        found = [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []
    return [*found, *(deeper for child in found for deeper in _children(child))]
