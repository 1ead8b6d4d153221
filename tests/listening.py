"""The HTTP server behind every stand-in of the tests."""

from http.server import ThreadingHTTPServer


class Listening(ThreadingHTTPServer):
    """A thread a connection. Many may come at once: socketserver alone resets whoever comes sixth."""

    daemon_threads = True
    request_queue_size = 128
