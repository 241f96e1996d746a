#!/usr/bin/env python3
"""A mail server for tests: aiosmtpd with STARTTLS and a password, which hangs up now and then.

Usage: mail_server.py CERTIFICATE KEY [STAGE ..]. Connections take the stages in turn, again and again; none: all is well.
  greeting   hangs up before it has said anything      mail    hangs up after MAIL FROM
  data       hangs up after the letter, not taken      taken   takes the letter and hangs up before it says so
  well       all is well
The port is printed on the first line; each letter that is taken is one line of JSON: sender, recipients, text, stage.
It ends with its standard input.
"""
import asyncio
import json
import logging
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult

CERTIFICATE, KEY, STAGES = sys.argv[1], sys.argv[2], sys.argv[3:] or ["well"]


class Handler:
    def __init__(self, stage):
        self.stage = stage

    async def handle_MAIL(self, server, session, envelope, address, options):
        if self.stage == "mail":
            server.transport.abort()
            return "421 gone"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody@"):
            return "550 no such person here"
        if address.startswith("full@"):
            return "452 try later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.stage != "data":
            letter = {"from": envelope.mail_from, "to": envelope.rcpt_tos, "tls": session.ssl is not None,
                      "text": envelope.content.decode("utf-8", "replace"), "stage": self.stage}
            print(json.dumps(letter), flush=True)
        if self.stage != "well":
            server.transport.abort()
            return "421 gone"
        return "250 taken"


class Peer(SMTP):
    def connection_made(self, transport):
        if self.event_handler.stage == "greeting":
            transport.abort()
        else:
            super().connection_made(transport)

    def connection_lost(self, error):
        if self.event_handler.stage != "greeting":
            super().connection_lost(error)


def authenticate(server, session, envelope, mechanism, data):
    good = data.login == b"keikka" and data.password == b"correct horse"
    return AuthResult(success=good, handled=False)


logging.disable(logging.WARNING)


async def main():
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(CERTIFICATE, KEY)
    loop = asyncio.get_running_loop()
    connections = 0

    def session():
        nonlocal connections
        stage = STAGES[connections % len(STAGES)]
        connections += 1
        return Peer(Handler(stage), require_starttls=True, tls_context=context, authenticator=authenticate,
                    auth_required=True, hostname="localhost")

    server = await loop.create_server(session, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


asyncio.run(main())
