#!/usr/bin/env python3
"""A mail server for tests: aiosmtpd with STARTTLS and a password, which hangs up now and then.

Usage: mail_server.py CERTIFICATE KEY DROP_EVERY. Every DROP_EVERY-th letter (0: none) ends with a dropped connection before it is taken.
The port is printed on the first line; each letter that is taken is one line of JSON: sender, recipients, text.
It ends with its standard input.
"""
import asyncio
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult

CERTIFICATE, KEY, DROP_EVERY = sys.argv[1], sys.argv[2], int(sys.argv[3])
COUNT = 0


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody@"):
            return "550 no such person here"
        if address.startswith("full@"):
            return "452 try later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        global COUNT
        COUNT += 1
        if DROP_EVERY and COUNT % DROP_EVERY == 0:
            server.transport.abort()
            return "421 gone"
        letter = {"from": envelope.mail_from, "to": envelope.rcpt_tos, "tls": session.ssl is not None,
                  "text": envelope.content.decode("utf-8", "replace")}
        print(json.dumps(letter), flush=True)
        return "250 taken"


def authenticate(server, session, envelope, mechanism, data):
    good = data.login == b"keikka" and data.password == b"correct horse"
    return AuthResult(success=good, handled=False)


async def main():
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(CERTIFICATE, KEY)
    loop = asyncio.get_running_loop()

    def session():
        return SMTP(Handler(), require_starttls=True, tls_context=context, authenticator=authenticate,
                    auth_required=True, hostname="localhost")

    server = await loop.create_server(session, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


asyncio.run(main())
