"""Stands between a client and moto and does what networks do; the mode can change at any moment."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

MODES = ("pass", "503", "drip", "hang", "reset", "short")
_UNAVAILABLE = (
    b"HTTP/1.1 503 Slow Down\r\nContent-Type: application/xml\r\nContent-Length: 38\r\n"
    b"Connection: close\r\n\r\n<Error><Code>SlowDown</Code></Error>\r\n"
)


class FaultProxy:
    """Forwards TCP to `target`; what comes back is treated as `mode` says."""

    def __init__(self, target: str) -> None:
        parts = urlsplit(target)
        self._target = (parts.hostname or "", parts.port or 80)
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self._open: set[socket.socket] = set()
        self._closed = threading.Event()
        self.mode = "pass"
        self.requests = 0
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def close(self) -> None:
        self._closed.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in list(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while not self._closed.is_set():
                client, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with contextlib.suppress(OSError), client, socket.create_connection(self._target) as server:
            self._open |= {client, server}
            back = threading.Thread(target=self._answer, args=(server, client), daemon=True)
            back.start()
            while data := client.recv(65536):
                self.requests += data.count(b" HTTP/1.1\r\n")
                if self.mode == "503":
                    client.sendall(_UNAVAILABLE)
                    client.shutdown(socket.SHUT_RDWR)
                    break
                server.sendall(data)
            self._open -= {client, server}

    def _answer(self, server: socket.socket, client: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := server.recv(65536):
                self._pass_on(data, client)
            client.shutdown(socket.SHUT_WR)

    def _pass_on(self, data: bytes, client: socket.socket) -> None:
        if self.mode == "hang":
            while self.mode == "hang" and not self._closed.is_set():
                time.sleep(0.01)
        if self.mode == "drip":
            for start in range(len(data)):
                if self.mode != "drip" or self._closed.is_set():
                    client.sendall(data[start:])
                    return
                client.sendall(data[start : start + 1])
                time.sleep(0.02)
        elif self.mode == "reset":
            # Closed with a pending linger of zero, a connection is reset and not finished.
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            client.close()
            raise ConnectionResetError
        elif self.mode == "short":
            client.sendall(data[: max(1, len(data) - 3)])
            client.shutdown(socket.SHUT_RDWR)
            raise ConnectionAbortedError
        else:
            client.sendall(data)


@contextlib.contextmanager
def fault_proxy(target: str) -> Iterator[FaultProxy]:
    proxy = FaultProxy(target)
    try:
        yield proxy
    finally:
        proxy.close()
