#!/usr/bin/env python3
"""A text message gateway that misbehaves on purpose. Standard library only.

POST /send {"to", "text", "reference"} is answered by a draw that depends on reference and try alone: 30 % server errors, 10 % "too many"
with Retry-After, 10 % taken and then silence, 5 % slow, 5 % taken with garbage for an answer, the rest taken properly.
GET /ledger tells every try: reference, number, what was drawn, when (by its own clock).
The port is printed on the first line. SILENCE_S and SLOW_S in the environment say how long it is silent or slow.
"""
import hashlib
import json
import os
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SILENCE_S = float(os.environ.get("SILENCE_S", "30"))
SLOW_S = float(os.environ.get("SLOW_S", "20"))
LOCK = threading.Lock()
LEDGER = []
TRIES = {}


def draw(reference, attempt):
    number = int.from_bytes(hashlib.sha256(f"{reference}/{attempt}".encode()).digest()[:4], "big") % 100
    for limit, name in ((30, "error"), (40, "busy"), (50, "silent"), (55, "slow"), (60, "garbage")):
        if number < limit:
            return name
    return "taken"


class Gateway(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body, headers=()):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True

    def do_GET(self):
        with LOCK:
            body = json.dumps(LEDGER).encode()
        self.answer(200, body)

    def do_POST(self):
        message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        reference = message["reference"]
        with LOCK:
            TRIES[reference] = TRIES.get(reference, 0) + 1
            drawn = draw(reference, TRIES[reference])
            LEDGER.append({"reference": reference, "to": message["to"], "drawn": drawn})
            name = f"p-{len(LEDGER)}"
        taken = json.dumps({"messages": [{"id": name}]}).encode()
        try:
            if drawn == "error":
                self.answer(503, b"<html>down</html>")
            elif drawn == "busy":
                self.answer(429, b"", [("Retry-After", "40")])
            elif drawn == "silent":
                time.sleep(SILENCE_S)
                self.close_connection = True
            elif drawn == "slow":
                time.sleep(SLOW_S)
                self.answer(200, taken)
            elif drawn == "garbage":
                self.answer(200, b"\xff\xfe{]")
            else:
                self.answer(200, taken)
        except OSError:
            pass  # the other side has gone


class Server(ThreadingHTTPServer):
    request_queue_size = 256
    daemon_threads = True


server = Server(("127.0.0.1", 0), Gateway)
print(server.server_port, flush=True)
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
server.serve_forever()
