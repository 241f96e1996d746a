#!/usr/bin/env python3
"""An association's own system: it checks each webhook by the Standard Webhooks specification. Standard library only, nothing of keikka's.

Usage: webhook_receiver.py SECRET. Each request is one line of JSON: whether its signature is good, its id, timestamp and body.
The port is printed on the first line. A path with a number in it is answered by that status (`/410`), others by 204.
"""
import base64
import hashlib
import hmac
import json
import os
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

KEY = base64.b64decode(sys.argv[1].removeprefix("whsec_"))


def is_signed(headers, body):
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    wanted = base64.b64encode(hmac.new(KEY, signed, hashlib.sha256).digest()).decode()
    given = [word.split(",", 1) for word in headers["webhook-signature"].split()]
    return any(version == "v1" and hmac.compare_digest(value, wanted) for version, value in given)


class Receiver(BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        line = {"signed": is_signed(self.headers, body), "forged": is_signed(self.headers, body + b" "), "id": self.headers["webhook-id"],
                "timestamp": self.headers["webhook-timestamp"], "body": body.decode(), "path": self.path}
        print(json.dumps(line), flush=True)
        status = self.path.strip("/")
        self.send_response(int(status) if status.isdigit() else 204)
        self.send_header("Content-Length", "0")
        self.end_headers()


server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
server.daemon_threads = True
print(server.server_port, flush=True)
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
server.serve_forever()
