"""The application served on a free port by a thread of this process, and stopped as if the line were cut."""

import threading

from flask import Flask
from waitress import create_server, wasyncore


class Server:
    """Serves from the moment it is made."""

    def __init__(self, app: Flask) -> None:
        self._server = create_server(app, host="127.0.0.1", port=0, threads=6)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        self.address = f"http://127.0.0.1:{self._server.effective_port}"

    def stop(self) -> None:
        """Close the port and every connection that is open; stopping twice is no fault."""
        if not self._thread.is_alive():
            return
        # in the server's own thread: closing under its feet what it waits for would be an error there
        self._server.trigger.pull_trigger(lambda: wasyncore.close_all(self._server._map))
        self._thread.join(timeout=10)
        self._server.task_dispatcher.shutdown()
