"""A network namespace of its own for one command."""

from __future__ import annotations

import ctypes
import fcntl
import os
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager

from autotune.sidecar import processes
from autotune.sidecar.around import network
from autotune.sidecar.group import StuckError

_NEW_NETWORK = 0x40000000
_SET_FLAGS = 0x8914
_UP_AND_RUNNING = 0x41


class Network:
    """A namespace that holds a loopback interface, up, and nothing else.

    It goes away by itself with the last process in it. Raises OSError where this process may not make one.
    """

    def __init__(self) -> None:
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._home = os.open("/proc/self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
        self._made = -1
        try:
            self._check(self._libc.unshare(_NEW_NETWORK))
            try:
                self._made = os.open("/proc/self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
                _raise_loopback()
            finally:
                self._leave()
        except OSError:
            self.close()
            raise

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Holds this process inside, so that what it starts is inside."""
        self._check(self._libc.setns(self._made, _NEW_NETWORK))
        try:
            yield
        finally:
            self._leave()

    def answer(self) -> dict[str, float]:
        """Bytes and packets that went through the namespace so far."""
        with self.entered():
            return network(processes.read("/proc/self/net/dev"))

    def close(self) -> None:
        """Lets go of the namespace."""
        for descriptor in (self._home, self._made):
            if descriptor >= 0:
                os.close(descriptor)
        self._home = self._made = -1

    def _leave(self) -> None:
        try:
            self._check(self._libc.setns(self._home, _NEW_NETWORK))
        except OSError as error:
            raise StuckError from error

    def _check(self, result: int) -> None:
        if result != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))


def _raise_loopback() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as channel:
        fcntl.ioctl(channel, _SET_FLAGS, struct.pack("16sh", b"lo", _UP_AND_RUNNING).ljust(40, b"\0"))
