"""The log is standard error: a line each, with the time in UTC, and the trace of what was not expected.

Traces name files and lines, never the values of variables: passwords and customers' data are among them.
"""

from __future__ import annotations

import sys
from typing import Any

import structlog


def log_to_stderr() -> None:
    """Set up the log of this process."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"], bool_as_flag=False),
        ],
        logger_factory=_stderr,
    )


def _stderr(*_name: Any) -> structlog.PrintLogger:
    return structlog.PrintLogger(sys.stderr)
