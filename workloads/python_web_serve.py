"""Becomes the server that is named, with its settings in that server's own words.

A setting that is not given is the server's default; none of them logs requests, as gunicorn does by default.
"""

from __future__ import annotations

import argparse
import os
import sys

APP = "python_web_app"


def main() -> None:
    """Replaces this process by the server."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--server", choices=["gunicorn", "uvicorn", "granian"], required=True)
    parser.add_argument("--port", required=True)
    for name in (
        "workers",
        "worker-class",
        "threads",
        "keep-alive",
        "preload",
        "loop",
        "http",
        "interface",
        "backlog",
    ):
        parser.add_argument(f"--{name}")
    for name in ("runtime-mode", "blocking-threads"):
        parser.add_argument(f"--{name}")
    args = parser.parse_args()
    command = {"gunicorn": gunicorn, "uvicorn": uvicorn, "granian": granian}[args.server](args)
    os.execv(sys.executable, [sys.executable, "-m", args.server, *command])  # noqa: S606  our own argv


def given(args: argparse.Namespace, *names: str) -> list[str]:
    """The options among `names` that are given."""
    values = {name: getattr(args, name.replace("-", "_")) for name in names}
    return [f"--{name}={value}" for name, value in values.items() if value is not None]


def gunicorn(args: argparse.Namespace) -> list[str]:
    """gunicorn, which serves WSGI."""
    options = given(args, "workers", "worker-class", "threads", "keep-alive", "backlog")
    preload = ["--preload"] if args.preload == "true" else []
    return [f"--bind=127.0.0.1:{args.port}", "--log-level=warning", *options, *preload, f"{APP}:wsgi"]


def uvicorn(args: argparse.Namespace) -> list[str]:
    """uvicorn, which serves ASGI."""
    options = given(args, "workers", "loop", "http", "backlog")
    return [f"--port={args.port}", "--log-level=warning", "--no-access-log", *options, f"{APP}:asgi"]


def granian(args: argparse.Namespace) -> list[str]:
    """granian, which serves both."""
    options = given(args, "workers", "interface", "loop", "runtime-mode", "blocking-threads", "backlog")
    application = f"{APP}:{args.interface or 'asgi'}"
    return [f"--port={args.port}", "--log-level=warning", "--no-access-log", *options, application]


if __name__ == "__main__":
    main()
