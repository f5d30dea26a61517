"""A server of known service time."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

# Answers one request at a time after `service` seconds; from `begin` seconds after the first request on it
# stalls once, for `stall` seconds. The path /bad is answered by 503, /none never, /each after `service`
# seconds whatever the others do.
SERVER = """
import asyncio, sys
service, begin, stall = map(float, sys.argv[1:])
turn = asyncio.Lock()
first = None

async def serve(reader, writer):
    global first, stall
    clock = asyncio.get_running_loop().time
    try:
        while (head := await reader.readuntil(b"\\r\\n\\r\\n")):
            path = head.split()[1]
            if path == b"/none":
                await asyncio.sleep(3600)
            first = first or clock()
            if path == b"/each":
                await asyncio.sleep(service)
            else:
                async with turn:
                    if stall and clock() > first + begin:
                        pause, stall = stall, 0
                        await asyncio.sleep(pause)
                    await asyncio.sleep(service)
            status = b"503 no" if path == b"/bad" else b"200 ok"
            writer.write(b"HTTP/1.1 " + status + b"\\r\\nContent-Length: 2\\r\\n\\r\\nok")
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()

async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()

asyncio.run(main())
"""


@pytest.fixture
def server() -> Iterator[Callable[..., str]]:
    """Starts a server, gives its URL; it ends with the test."""
    started: list[subprocess.Popen[str]] = []

    def start(*, service: float = 0.0, begin: float = 0.0, stall: float = 0.0) -> str:
        argv = [sys.executable, "-c", SERVER, str(service), str(begin), str(stall)]
        process = subprocess.Popen(argv, stdout=subprocess.PIPE, text=True)
        started.append(process)
        assert process.stdout is not None
        return f"http://127.0.0.1:{process.stdout.readline().strip()}/"

    yield start
    for process in started:
        process.kill()
        process.communicate()
