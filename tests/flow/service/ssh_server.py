"""A real ssh server on a port of loopback: `ssh_server.py PORT HOST_KEY AUTHORIZED_KEYS`."""

import asyncio
import sys

import asyncssh


async def handle(process: asyncssh.SSHServerProcess[bytes]) -> None:
    """Runs a command by the shell, as every ssh server does."""
    pipe = asyncio.subprocess.PIPE
    shell = await asyncio.create_subprocess_exec(
        "/bin/sh", "-c", process.command or "", stdout=pipe, stderr=pipe
    )
    await process.redirect(stdout=shell.stdout, stderr=shell.stderr)
    process.exit(await shell.wait())


async def serve(port: int, key: str, authorized: str) -> None:
    """Serves until it is killed."""
    await asyncssh.listen(
        "127.0.0.1",
        port,
        server_host_keys=[key],
        authorized_client_keys=authorized,
        process_factory=handle,
        encoding=None,
    )
    await asyncio.Event().wait()


asyncio.run(serve(int(sys.argv[1]), sys.argv[2], sys.argv[3]))
