"""Requests over kept connections, as fast as a few processes can ask: `requests per second` and times."""

import multiprocessing
import socket
import statistics
import time
from dataclasses import dataclass
from queue import Queue


@dataclass(frozen=True)
class Figures:
    per_second: float
    median_ms: float
    p99_ms: float


def ask_many(port: int, path: str, *, seconds: float, connections: int, warm_up: float = 1) -> Figures:
    """GET one path over and over from `connections` processes. Raises RuntimeError if any is not a 200."""
    results: Queue = multiprocessing.Queue()
    arguments = (port, path, warm_up, seconds, results)
    workers = [multiprocessing.Process(target=_ask, args=arguments) for _ in range(connections)]
    for worker in workers:
        worker.start()
    parts = [results.get() for _ in workers]
    for worker in workers:
        worker.join()
    if broken := [part for part in parts if isinstance(part, str)]:
        raise RuntimeError(f"{path}: {broken[0]}")
    return figures([one for part in parts for one in part], seconds)


def figures(durations: list[float], seconds: float) -> Figures:
    """Figures of measured durations (in seconds) taken within a time."""
    ordered = sorted(durations)
    return Figures(
        per_second=len(ordered) / seconds,
        median_ms=statistics.median(ordered) * 1000,
        p99_ms=ordered[int(len(ordered) * 0.99)] * 1000,
    )


def _ask(port: int, path: str, warm_up: float, seconds: float, results: Queue) -> None:
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: text/html\r\n\r\n".encode()
    durations = []
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
            start = time.perf_counter() + warm_up
            end = start + seconds
            while (before := time.perf_counter()) < end:
                connection.sendall(request)
                _read_answer(connection)
                if before >= start:
                    durations.append(time.perf_counter() - before)
        results.put(durations)
    except (OSError, RuntimeError, ValueError) as error:
        results.put(str(error))


def _read_answer(connection: socket.socket) -> None:
    """Read one answer with a Content-Length to its end."""
    data = b""
    while b"\r\n\r\n" not in data:
        if not (part := connection.recv(65536)):
            raise RuntimeError("the connection was closed")
        data += part
    head, _, body = data.partition(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(head.split(b"\r\n")[0].decode())
    length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
    missing = length - len(body)
    while missing > 0:
        part = connection.recv(65536)
        if not part:
            raise RuntimeError("the connection was closed")
        missing -= len(part)
