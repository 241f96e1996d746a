#!/usr/bin/env python3
"""A text message gateway that misbehaves on purpose. Standard library only.

POST /send {"to", "text", "reference"} is answered by a draw that depends on the seed, the number and the try alone: 30 % server errors, 10 %
"too many" with Retry-After, 10 % taken and then silence, 5 % slow, 5 % taken with garbage for an answer, 5 % taken and receipted twice, the
rest taken properly. Whatever is taken gets a delivery receipt, which waits until it is asked for.
GET /ledger tells every try: reference, number, what was drawn. GET /outage/on and /outage/off: meanwhile everything is a server error.
GET /receipts posts the receipts that wait to RECEIPTS_URL and answers how many.
The port is printed on the first line. In the environment: SEED, SILENCE_S and SLOW_S (how long it is silent or slow), RECEIPTS_URL.
"""
import hashlib
import json
import os
import sys
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SEED = os.environ.get("SEED", "1")
SILENCE_S = float(os.environ.get("SILENCE_S", "30"))
SLOW_S = float(os.environ.get("SLOW_S", "20"))
RECEIPTS_URL = os.environ.get("RECEIPTS_URL")
DRAWS = ((30, "error"), (40, "busy"), (50, "silent"), (55, "slow"), (60, "garbage"), (65, "twice"), (100, "taken"))
WAITS_S = ("40", "90", "700")
LOCK = threading.Lock()
LEDGER, RECEIPTS, TRIES = [], [], {}
OUTAGE = False


def number(*words):
    return int.from_bytes(hashlib.sha256("/".join((SEED, *words)).encode()).digest()[:4], "big")


def draw(to, attempt):
    return next(name for limit, name in DRAWS if number(to, str(attempt)) % 100 < limit)


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
        global OUTAGE
        if self.path == "/receipts":
            with LOCK:
                waiting, RECEIPTS[:] = list(RECEIPTS), []
            for receipt in waiting:
                request = urllib.request.Request(RECEIPTS_URL, json.dumps(receipt).encode(), {"Content-Type": "application/json"})
                urllib.request.urlopen(request).read()
            self.answer(200, str(len(waiting)).encode())
        elif self.path.startswith("/outage/"):
            OUTAGE = self.path.endswith("/on")
            self.answer(200, b"null")
        else:
            with LOCK:
                body = json.dumps(LEDGER).encode()
            self.answer(200, body)

    def do_POST(self):
        message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        reference, to = message["reference"], message["to"]
        with LOCK:
            if OUTAGE:
                drawn = "outage"
            else:
                TRIES[to] = TRIES.get(to, 0) + 1
                drawn = draw(to, TRIES[to])
            LEDGER.append({"reference": reference, "to": to, "drawn": drawn})
            name = f"p-{len(LEDGER)}"
            if drawn not in ("outage", "error", "busy"):
                receipt = {"reference": reference, "id": name, "status": "DELIVERED"}
                RECEIPTS.extend([receipt] * (2 if drawn == "twice" else 1))
        taken = json.dumps({"messages": [{"id": name}]}).encode()
        try:
            if drawn in ("outage", "error"):
                self.answer(503, b"<html>down</html>")
            elif drawn == "busy":
                self.answer(429, b"", [("Retry-After", WAITS_S[number(to, "wait") % len(WAITS_S)])])
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
