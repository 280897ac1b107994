"""The application served on a free port by a thread of this process, and stopped as if the line were cut."""

import threading

from flask import Flask
from waitress import create_server, wasyncore

_LOOK_SECONDS = 0.1


class Server:
    """Serves from the moment it is made."""

    def __init__(self, app: Flask) -> None:
        self._server = create_server(app, host="127.0.0.1", port=0, threads=6)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        self.address = f"http://127.0.0.1:{self._server.effective_port}"

    def stop(self) -> None:
        """Close the port and every connection that is open; stopping twice is no fault."""
        self._ended.set()
        self._thread.join(timeout=10)
        assert not self._thread.is_alive(), "the server did not end"
        self._server.task_dispatcher.shutdown()

    def _serve(self) -> None:
        # Closed by the thread that waits on the sockets: any other one would close them under its feet. Not by the
        # wake-up pipe of waitress either: a worker waking the loop at that moment has it closed before we write to it.
        sockets = self._server._map
        while not self._ended.is_set():
            wasyncore.loop(timeout=_LOOK_SECONDS, map=sockets, count=1)
        for channel in list(self._server.active_channels.values()):
            channel.handle_close()  # with the files it was sending, which ``close`` would leave open
        wasyncore.close_all(sockets, ignore_all=True)
