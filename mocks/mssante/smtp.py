"""SMTP submission, on aiosmtpd: what each command does is in `submission`; here, how it is heard and answered.

aiosmtpd answers some commands by itself (syntax, order). Every last line of an answer goes through `push`, where the
exchange enters the journal before it leaves, unless a hook has done so with the state that it changed.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from aiosmtpd.smtp import MISSING, SMTP, AuthResult, TLSSetupException

from mocks.call import Call
from mocks.mssante import access, routing, submission
from mocks.mssante.envelope import BadParameterError, Envelope, of_mail, of_recipient, without_reports
from mocks.mssante.recording import Connection, Heard, Outcome, Port, Reply
from mocks.mssante.submission import Submission
from mocks.mssante.transport import tls_of

HOST, IDENT = "smtp.test.mssante.fr", "ESMTP MSSante (banc)"
AUTH_LINE = 12_288  # characters (RFC 4954 §4)
REPORT_PARAMETERS = 1_100  # characters that RFC 3461 adds to MAIL and RCPT
IDLE_S = 300.0
KEPT_OF_COMMANDS = 65_536  # bytes that the journal keeps of commands between two answers
_NULL = "vide@expediteur.invalid"  # aiosmtpd knows no empty sender
_NAMED = ("EHLO", "HELO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA", "RSET", "NOOP", "QUIT", "VRFY", "HELP")
logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # it would write whole commands, tokens included


class Hooks:
    """What aiosmtpd calls; each hook asks the session, which knows its connection."""

    async def handle_EHLO(self, server: Any, session: Any, _envelope: Any, host: str, lines: list[str]) -> list[str]:  # noqa: N802
        session.host_name = host
        return [*lines[:-1], "250-DSN", lines[-1]]

    async def handle_MAIL(self, server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        return str(await server.mail(envelope, address))

    async def handle_RCPT(self, server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        return str(await server.rcpt(envelope, address))

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        return str(await server.data(bytes(envelope.original_content)))

    async def auth_XOAUTH2(self, server: Any, args: list[str]) -> AuthResult:  # noqa: N802
        return await server.authenticate(access.XOAUTH2, args)  # type: ignore[no-any-return]

    async def auth_OAUTHBEARER(self, server: Any, args: list[str]) -> AuthResult:  # noqa: N802
        return await server.authenticate(access.OAUTHBEARER, args)  # type: ignore[no-any-return]

    async def auth_PLAIN(self, server: Any, args: list[str]) -> AuthResult:  # noqa: N802
        return await server.authenticate(access.PLAIN, args)  # type: ignore[no-any-return]


class Session(SMTP):
    """One connection."""

    line_length_limit = AUTH_LINE + 2

    def __init__(self, connection: Connection, port: Port) -> None:
        application = connection.port.endswith("application")
        self._connection, self._port = connection, port
        self._recorder, self._run = port.recorder, port.run
        self._submission = Submission(connection)
        self._heard: list[bytes] = []
        self._said: list[str] = []
        self._held: list[str] = []
        self._greeted = False
        self._done: Outcome | None = None
        self._reports: dict[str, str] = {}
        self.command_size_limits = defaultdict(lambda: 512)  # the class shares one between its connections
        super().__init__(
            Hooks(),
            data_size_limit=submission.HARD_LIMIT,
            hostname=HOST,
            ident=IDENT,
            tls_context=port.tls.context,
            require_starttls=True,
            timeout=IDLE_S,
            auth_required=True,
            auth_exclude_mechanism=["LOGIN", *(access.BEARERS if application else (access.PLAIN,))],
            loop=asyncio.get_running_loop(),
        )
        self.command_size_limits.update(
            {"AUTH": AUTH_LINE, "MAIL": 512 + REPORT_PARAMETERS, "RCPT": 512 + REPORT_PARAMETERS}
        )

    # How it is heard.

    def _cb_client_connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        super()._cb_client_connected(reader, writer)
        for name in ("readuntil", "readline"):
            setattr(reader, name, partial(self._listen, getattr(reader, name)))

    async def _listen(self, read: Callable[..., Any], *separator: bytes) -> bytes:
        line: bytes = await read(*separator)
        if not separator and sum(map(len, self._heard)) < KEPT_OF_COMMANDS:  # with one, it is of a message
            self._heard.append(line)
        return line

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._port.opened(transport)
        self._connection.tls = tls_of(transport, self._connection.server)

    # How it is answered.

    async def push(self, status: str | bytes) -> None:
        """Say a line; an answer is said once its exchange is durable."""
        text = status.decode() if isinstance(status, bytes) else status
        self._said.append(f"{text}\r\n")
        if text[3:4] == "-":
            self._held.append(text)
        elif text.startswith("3"):
            await super().push(text)
        else:
            done = self._done or await self._journal(self._plain)
            lines = [_last_line(done.reply)] if done.refused else [*self._held, text]
            self._heard, self._said, self._held, self._done, self._greeted = [], [], [], None, True
            await self._finish(done, lines)

    async def _finish(self, done: Outcome, lines: list[str]) -> None:
        if done.cut:
            self._hang_up()
        for line in lines:
            await super().push(line)
        if done.reply.closes:
            self._hang_up()

    def _plain(self, call: Call) -> Reply:
        """The answer that aiosmtpd gives by itself."""
        if self._submission.envelope is not None:
            call.context["envelope"] = self._submission.envelope.as_json()
        status = int(self._said[-1][:3])
        if status == 552:
            call.context["refusal"] = routing.OVERSIZE
        return Reply(status, self._said[-1])

    def _hang_up(self) -> None:
        """Close without a word; what was being done ends here."""
        if self.transport is not None:
            self.transport.close()
        raise asyncio.CancelledError

    async def _journal(self, act: Callable[[Call], Reply], received: bytes | None = None) -> Outcome:
        before = "".join(self._said[:-1] if act == self._plain else self._said)
        line = b"".join(self._heard)
        verb = line.split(None, 1)[0].upper().decode("latin-1") if line.strip() else ""
        known = verb.lower() if verb in _NAMED else "inconnue" if self._greeted else "connexion"
        shown = submission.without_secret(self._heard) if verb == "AUTH" else None
        heard = Heard(f"mssante.smtp.{known}", verb[:100], line if received is None else received, shown)
        done: Outcome = await self._run(
            self._recorder.handle,
            self._connection,
            heard,
            lambda call: _after(before, act(call)),
            submission.refuse,
        )
        return done

    async def _decide(self, act: Callable[[Call], Reply], received: bytes | None = None) -> Reply:
        """Do a command with its exchange; what to push."""
        self._done = await self._journal(act, received)
        return Reply(self._done.reply.status, _last_line(self._done.reply))

    # What is done.

    async def smtp_EHLO(self, hostname: str) -> None:  # noqa: N802
        self.data_size_limit = await self._run(self._submission.limit, self._recorder)
        await super().smtp_EHLO(hostname)

    async def smtp_AUTH(self, arg: str | None) -> None:  # noqa: N802
        name, separator, rest = (arg or "").partition(" ")
        await super().smtp_AUTH(name.upper() + separator + rest)

    async def authenticate(self, mechanism: str, args: list[str]) -> AuthResult:
        """Hear the initial response, then say yes, or why not in a challenge and no."""
        blob = access.decoded(args[1].encode()) if len(args) > 1 else await self.challenge_auth("")
        if blob is MISSING:
            return AuthResult(success=False, handled=True)
        if blob is None:
            await self.push("501 5.5.2 Cannot decode base64")
            return AuthResult(success=False, handled=True)
        claim = access.read(mechanism, bytes(blob))
        # Looked at first, since a refusal is said twice: the exchange ends with the second.
        entry = await self._run(self._submission.look, self._recorder, claim)
        if entry.mailbox is None and mechanism in access.BEARERS:
            answered = await self.challenge_auth(access.refusal_json(mechanism))
            if answered is MISSING:
                return AuthResult(success=False, handled=True)
        reply = await self._decide(partial(self._submission.authenticate, claim=claim))
        return AuthResult(success=reply.status == 235, handled=False, message=reply.text)

    async def smtp_MAIL(self, arg: str | None) -> None:  # noqa: N802
        if arg is not None:
            arg = await self._without_reports(arg.replace("<>", f"<{_NULL}>", 1), of_mail)
            if arg is None:
                return
        await super().smtp_MAIL(arg)

    async def smtp_RCPT(self, arg: str | None) -> None:  # noqa: N802
        if arg is not None:
            arg = await self._without_reports(arg, of_recipient)
            if arg is None:
                return
        await super().smtp_RCPT(arg)

    async def _without_reports(self, arg: str, check: Callable[[dict[str, str]], Any]) -> str | None:
        """The argument without its parameters of RFC 3461, which are remembered; None once they are refused."""
        try:
            rest, self._reports = without_reports(arg)
            check(self._reports)
        except BadParameterError as error:
            await self.push(f"501 5.5.4 Bad parameter: {error}")
            return None
        return rest

    async def mail(self, envelope: Any, address: str) -> str:
        """MAIL: who sends."""
        sender = "" if address == _NULL else address.lower()
        ret, envid = of_mail(self._reports)
        size = submission.size_in(self._heard)
        wanted = Envelope(sender, size, ret, envid)
        reply = await self._decide(partial(self._submission.mail, wanted=wanted))
        if reply.status == 250:
            envelope.mail_from = sender or "<>"
        return reply.text

    async def rcpt(self, envelope: Any, address: str) -> str:
        """RCPT: to whom."""
        notify, orcpt = of_recipient(self._reports)
        reply = await self._decide(partial(self._submission.rcpt, address=address.lower(), notify=notify, orcpt=orcpt))
        if reply.status == 250:
            envelope.rcpt_tos.append(address)
        return reply.text

    async def data(self, content: bytes) -> str:
        """DATA: the message."""
        reply = await self._decide(partial(self._submission.data, content=content), content)
        return reply.text

    def _set_rset_state(self) -> None:
        super()._set_rset_state()  # type: ignore[no-untyped-call]
        self._submission.envelope = None

    async def handle_exception(self, error: Exception) -> str:
        """A handshake that failed is told; anything else is a failure of the bench."""
        if isinstance(error, TLSSetupException) and isinstance(error.__cause__, ssl.SSLError):
            await self._run(self._port.refused, error.__cause__, self._tls_protocol)
        elif not isinstance(error, TLSSetupException):
            logging.getLogger("banc.mocks").exception("SMTP", exc_info=error)
        return "451 4.3.0 Local error in processing"


def _after(before: str, reply: Reply) -> Reply:
    """The answer with what was said before it (challenges, intermediate replies)."""
    return replace(reply, text=before + reply.text)


def _last_line(reply: Reply) -> str:
    return reply.text.split("\r\n")[-2]
