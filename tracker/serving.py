"""Serving the application: gunicorn with preloaded workers, or waitress where gunicorn does not run (Windows)."""

from __future__ import annotations

import ctypes
import gc
import sys
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any

from flask import Flask

from tracker.extensions import db
from workflows.loading import load_standard

if TYPE_CHECKING:
    from tracker.notifications.worker import Worker

M_ARENA_MAX, M_MMAP_THRESHOLD = -8, -3  # glibc's names: how many heaps there may be, which blocks lie outside
LARGE = 1024 * 1024  # bytes
GC_THRESHOLDS = (50_000, 20, 100)
TIMEOUT = 60  # seconds in which a worker must give a sign of life
GRACE = 20  # seconds that running requests get at the end


def serve_app(
    app: Flask,
    host: str,
    port: int,
    workers: int,
    threads: int,
    ready: Callable[[], None],
    *,
    with_worker: bool = False,
) -> None:
    """Serve until a signal ends it. `ready` is called when the address answers.

    `with_worker`: each process that serves delivers reminders too, in a thread of its own; one of them leads.
    """
    keep_heap_small()
    load_standard()
    beside = _Beside(app, with_worker)
    try:
        run = _gunicorn()
    except ImportError:
        _waitress(app, host, port, threads, ready, beside)
        return
    run(app, host, port, workers, threads, ready, beside)


class _Beside:
    """What a process that serves does beside it: nothing, or a worker's job. It begins after the fork."""

    def __init__(self, app: Flask, with_worker: bool) -> None:
        self.app, self.with_worker = app, with_worker
        self.worker: Worker | None = None
        if with_worker:
            import_module("tracker.notifications.worker")  # before the fork, so that all processes share it

    def begin(self) -> None:
        """Start the worker in a thread."""
        if self.with_worker:
            from tracker.notifications.worker import start_in_background

            self.worker = start_in_background(self.app)

    def end(self) -> None:
        """Let another process lead at once."""
        if self.worker:
            self.worker.stop()
            self.worker.step_down()


def keep_heap_small() -> None:
    """Where the C library is glibc: one heap for all threads, and large blocks given back at once.

    Else each thread keeps a heap of its own, and each heap what a password's check took (20 MB). For memory they wait
    for each other no more than for Python.
    """
    if sys.platform == "linux":
        with suppress(AttributeError):  # other C libraries have no such thing
            tune = ctypes.CDLL(None).mallopt
            tune(M_ARENA_MAX, 1)
            tune(M_MMAP_THRESHOLD, LARGE)


def give_back() -> None:
    """Give the system back what the heap does not need."""
    if sys.platform == "linux":
        with suppress(AttributeError):
            ctypes.CDLL(None).malloc_trim(0)


def settle() -> None:
    """Put what was loaded out of the garbage collector's sight, so that it neither walks nor copies it any more.

    What loading took beside is given back, since every process that serves would copy it.
    """
    gc.collect()
    give_back()
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLDS)
    gc.enable()


def _gunicorn() -> Callable[..., None]:
    from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]

    class Server(BaseApplication):
        def __init__(self, app: Flask, settings: dict[str, Any]) -> None:
            self.application, self.settings = app, settings
            super().__init__()

        def load_config(self) -> None:
            for name, value in self.settings.items():
                self.cfg.set(name, value)

        def load(self) -> Flask:
            return self.application

    def run(
        app: Flask,
        host: str,
        port: int,
        workers: int,
        threads: int,
        ready: Callable[[], None],
        beside: _Beside,
    ) -> None:
        def when_ready(_server: Any) -> None:
            with app.app_context():
                db.engine.dispose()  # no connection crosses a fork
            settle()
            ready()

        bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        hooks = {
            "when_ready": when_ready,
            "post_worker_init": lambda _process: beside.begin(),
            "worker_exit": lambda _server, _process: beside.end(),
        }
        Server(app, settings_of(bind, workers, threads) | hooks).run()

    return run


def settings_of(bind: str, workers: int, threads: int) -> dict[str, Any]:
    """Gunicorn's settings. Forwarded headers are ours to believe (TRACKER_TRUST_PROXY), not gunicorn's."""
    return {
        "bind": bind,
        "workers": workers,
        "threads": threads,
        "worker_class": "gthread",
        "preload_app": True,
        "timeout": TIMEOUT,
        "graceful_timeout": GRACE,
        "keepalive": 5,
        "accesslog": None,
        "errorlog": "-",
        "loglevel": "warning",
        "forwarded_allow_ips": "",
        "control_socket_disable": True,
        "proc_name": "tracker",
    }


def _waitress(app: Flask, host: str, port: int, threads: int, ready: Callable[[], None], beside: _Beside) -> None:
    import waitress  # type: ignore[import-untyped]

    settle()
    server = waitress.create_server(app, host=host, port=port, threads=threads, ident="tracker")
    ready()
    beside.begin()
    with suppress(KeyboardInterrupt):
        server.run()
    beside.end()
