"""The web's worker on one machine: gunicorn's threads, out of reach of clients that fall silent.

Behind nginx every request arrives whole. Without it, a client that announces a body and sends nothing would
hold a thread for good, and one that does not close its side would stop gunicorn's main loop for two seconds.
"""

import contextlib
import errno
import socket
import time

from gunicorn.workers.gthread import TConn, ThreadWorker

SILENCE = 5  # seconds without a byte in the middle of a request
REQUEST_SECONDS = 120  # for a whole request, however slowly it comes
LINGER = 2  # seconds for the client to take the last answer and close


class BoundedSocket(socket.socket):
    """A client's connection that nobody reads from for longer than a request may take."""

    deadline = 0.0

    def recv(self, size: int, flags: int = 0) -> bytes:
        """Raises ConnectionResetError for a client that has fallen silent: it is treated as gone."""
        if self.gettimeout() is not None:  # whoever reads has set a bound of its own
            return super().recv(size, flags)
        self.settimeout(max(0.01, min(SILENCE, self.deadline - time.monotonic())))
        try:
            return super().recv(size, flags)
        except TimeoutError:
            raise ConnectionResetError(errno.ECONNRESET, "the client has fallen silent")
        finally:
            self.settimeout(None)


class Worker(ThreadWorker):
    def enqueue_req(self, conn: TConn) -> None:
        if not isinstance(conn.sock, BoundedSocket):
            conn.sock = BoundedSocket(fileno=conn.sock.detach())
        conn.sock.deadline = time.monotonic() + REQUEST_SECONDS
        super().enqueue_req(conn)

    def handle(self, conn: TConn) -> object:
        """False when the connection ends: gunicorn would see the client off in its main loop, alone."""
        outcome = super().handle(conn)
        if outcome is False:
            see_off(conn.sock)
        return outcome


def see_off(connection: socket.socket) -> None:
    """Let the client take the last answer (RFC 9112, 9.6), then read nothing more: gunicorn, which does the
    same in its main loop, finds the end at once."""
    deadline = time.monotonic() + LINGER
    with contextlib.suppress(OSError):  # closed by the client, or silent until the end
        connection.shutdown(socket.SHUT_WR)
        while (left := deadline - time.monotonic()) > 0:
            connection.settimeout(left)
            if not connection.recv(64 * 1024):
                break
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RD)
