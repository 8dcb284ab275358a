"""IMAP, on the grammar and the sessions of pymap, over the common store (`imap_store`).

Why not pymap's own server: it does not take the initial response with AUTHENTICATE (SASL-IR), offers authentication
before TLS to callers on loopback, refuses a token without the challenge that says why, and drops keywords such as
`$MDNSent`; and each command must enter the journal with what it changed. Pinned: what is used of it is not promised.
"""

from __future__ import annotations

import asyncio
import base64
import re
from collections.abc import Callable
from functools import partial
from io import BytesIO
from typing import Any

from pymap.exceptions import ResponseError
from pymap.parsing.command import Command
from pymap.parsing.command.nonauth import StartTLSCommand
from pymap.parsing.command.select import IdleCommand
from pymap.parsing.commands import Commands, InvalidCommand
from pymap.parsing.response import Response, ResponseBad
from pymap.parsing.state import ExpectContinuation, ParsingInterrupt, ParsingState

from mocks.call import Call
from mocks.mssante import access, imap_words, submission
from mocks.mssante.imap_state import Config, State
from mocks.mssante.imap_store import Desk, StoreSession, run
from mocks.mssante.recording import Connection, Heard, Outcome, Port, Reply

LONGEST_LINE = 65_536  # bytes, literals apart
MOST_LITERAL = 1_000_000  # bytes of a literal that is no message
MOST_BAD = 20  # commands that cannot be read, one after the other
POLL_S = 0.2  # between two looks at a folder while a client idles: other processes do not wake us
_LITERAL = re.compile(rb"\{(\d{1,12})(\+?)\}\r?\n$")
_AUTHENTICATE = re.compile(rb"^(\S+) +AUTHENTICATE +(\S+)(?: +(\S+))? *\r?\n$", re.IGNORECASE)


class _HangUpError(Exception):
    """The connection is over."""


class ImapSession:
    """One connection."""

    def __init__(self, connection: Connection, port: Port) -> None:
        self._connection, self._port = connection, port
        self._recorder, self._run = port.recorder, port.run
        self._config = Config(port.tls.context)
        self._state = State(self._config)
        self._commands = Commands()
        self._desk: Desk | None = None
        self._heard: list[bytes] = []
        self._bad = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer until the client leaves."""
        self._reader, self._writer = reader, writer
        self._port.opened(writer.transport)
        try:
            await self._greet()
            while True:
                await self._one()
        except (_HangUpError, EOFError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            self._writer.close()

    async def _greet(self) -> None:
        hello = b"* OK [%b] MSSante (banc)\r\n" % self._state.capability.string
        await self._do("connexion", "", b"", lambda _call: imap_words.reply(hello))

    async def _one(self) -> None:
        """Hear a command and answer it."""
        self._heard = []
        line = await self._line()
        asked = _AUTHENTICATE.match(line)
        if asked and not self._state._session:
            await self._authenticate(asked[1], asked[2].decode("latin-1").upper(), asked[3])
            return
        command = await self._command(line)
        tag, operation = bytes(command.tag), imap_words.operation(line)
        self._bad = self._bad + 1 if isinstance(command, InvalidCommand) else 0
        if isinstance(command, StartTLSCommand):
            await self._start_tls(command, operation)
        elif isinstance(command, IdleCommand) and self._state._selected:
            await self._idle(command, tag, operation)
        else:
            done = await self._do(operation, operation.upper(), tag, partial(self._act, command))
            if done.reply.closes or self._bad >= MOST_BAD:
                raise _HangUpError

    def _act(self, command: Command, call: Call) -> Reply:
        """Do a command in the transaction of its exchange."""
        if self._desk is not None:
            self._desk.call = call
        try:
            response: Response = run(self._state.do_command(command))
        except ResponseError as error:
            response = error.get_response(command.tag)
        written = BytesIO()
        run(response.async_write(written))
        return imap_words.reply(written.getvalue(), closes=response.is_terminal)

    async def _do(self, operation: str, verb: str, tag: bytes, act: Callable[[Call], Reply]) -> Outcome:
        """Do it, journal it, answer."""
        shown = imap_words.without_secret(self._heard) if imap_words.holds_secret(operation) else None
        heard = Heard(f"mssante.imap.{operation}", verb, b"".join(self._heard), shown)
        done: Outcome = await self._run(
            self._recorder.handle, self._connection, heard, act, partial(imap_words.refuse, tag)
        )
        if done.cut:
            raise _HangUpError
        await self._send(done.reply.raw)
        if done.reply.closes:
            raise _HangUpError
        return done

    # Hearing.

    async def _line(self) -> bytes:
        """A line, with the literals that do not wait (LITERAL+)."""
        whole = b""
        while True:
            try:
                line = await self._reader.readline()
            except ValueError:
                await self._refuse_line(b"* BAD Line too long\r\n")
            if not line.endswith(b"\n"):
                raise EOFError
            whole += line
            self._heard.append(line)
            found = _LITERAL.search(line)
            if not found or not found[2]:
                return whole
            whole += await self._literal(int(found[1]))

    async def _literal(self, size: int) -> bytes:
        if size > submission.HARD_LIMIT:
            await self._refuse_line(b"* BAD Literal too long\r\n")
        literal = await self._reader.readexactly(size)
        self._heard.append(literal)
        return literal

    async def _refuse_line(self, text: bytes) -> None:
        await self._do("inconnue", "", b"*", lambda _call: imap_words.reply(text, closes=True))

    async def _command(self, line: bytes) -> Command:
        """The command of a line, once its literals have come."""
        continuations: list[memoryview] = []
        while True:
            params = self._config.parsing_params.copy(ParsingState(continuations=continuations))
            try:
                command, _ = self._commands.parse(memoryview(line), params)
            except ParsingInterrupt as interrupt:
                continuations.append(memoryview(await self._continuation(interrupt.expected)))
            else:
                return command

    async def _continuation(self, expected: Any) -> bytes:
        if not isinstance(expected, ExpectContinuation):
            raise TypeError(expected)
        appending = imap_words.operation(self._heard[0]) == "append"
        if expected.literal_length > (submission.HARD_LIMIT if appending else MOST_LITERAL):
            await self._refuse_line(b"* BAD Literal too long\r\n")
        await self._send(b"+ %b\r\n" % expected.message)
        literal = await self._literal(expected.literal_length)
        return literal + await self._line()

    async def _send(self, content: bytes) -> None:
        self._writer.write(content)
        await self._writer.drain()

    # Entering.

    async def _start_tls(self, command: Command, operation: str) -> None:
        done = await self._do(operation, "STARTTLS", bytes(command.tag), partial(self._act, command))
        if done.refused or done.reply.status != imap_words.OK:
            return
        self._reader._buffer.clear()  # type: ignore[attr-defined]  # what was said in clear does not count
        try:
            await self._writer.start_tls(self._port.tls.context)
        except OSError as error:
            await self._run(self._port.refused, error, None)
            raise _HangUpError from error
        self._connection.tls = imap_words.tls_of(self._writer, self._connection.server)
        application = self._connection.port.endswith("application")
        self._state.mechanisms = (access.PLAIN,) if application else access.BEARERS

    async def _authenticate(self, tag: bytes, mechanism: str, initial: bytes | None) -> None:
        """AUTHENTICATE: hear the response, then say yes, or why not in a challenge and no."""
        if mechanism not in self._state.mechanisms:
            text = b"%b NO [CANNOT] Mechanism not offered here\r\n" % tag
            await self._do("authenticate", "AUTHENTICATE", tag, lambda _call: imap_words.reply(text))
            return
        given = initial if initial is not None else await self._answer(b"")
        blob = access.decoded(given)
        if given == b"*" or blob is None:
            text = b"%b BAD Authentication aborted\r\n" % tag
            await self._do("authenticate", "AUTHENTICATE", tag, lambda _call: imap_words.reply(text))
            return
        claim = access.read(mechanism, blob)
        looked = submission.Submission(self._connection)
        entry = await self._run(looked.look, self._recorder, claim)
        if entry.mailbox is None and mechanism in access.BEARERS:
            await self._answer(base64.b64encode(access.refusal_json(mechanism)))
        enter = partial(self._enter, looked, claim, tag)
        await self._do("authenticate", "AUTHENTICATE", tag, enter)

    async def _answer(self, challenge: bytes) -> bytes:
        await self._send(b"+ %b\r\n" % challenge)
        return (await self._line()).strip()

    def _enter(self, looked: submission.Submission, claim: access.Claim, tag: bytes, call: Call) -> Reply:
        looked.authenticate(call, claim)
        mailbox = self._connection.mailbox
        if mailbox is None:
            return imap_words.reply(b"%b NO [AUTHENTICATIONFAILED] Invalid credentials\r\n" % tag)
        self._desk = Desk(mailbox.address)
        self._state.enter(StoreSession(self._desk, self._config))
        return imap_words.reply(b"%b OK [%b] Authenticated\r\n" % (tag, self._state.capability.string))

    # Waiting.

    async def _idle(self, command: IdleCommand, tag: bytes, operation: str) -> None:
        """IDLE (RFC 2177): what changes is told until the client has had enough."""
        begun = await self._do(operation, "IDLE", tag, lambda _call: imap_words.reply(b"+ Idling\r\n"))
        if begun.refused:
            return
        self._heard = []
        listening = asyncio.ensure_future(self._line())
        try:
            while not (await asyncio.wait([listening], timeout=POLL_S))[0]:
                await self._tell_changes(command)
            line = await listening
        finally:
            listening.cancel()
        right = line.strip().upper() == b"DONE"
        text = b"%b OK IDLE completed.\r\n" % tag if right else bytes(ResponseBad(tag, b'Expected "DONE".'))
        await self._do("done", "DONE", tag, lambda _call: imap_words.reply(text))

    async def _tell_changes(self, command: IdleCommand) -> None:
        changes = await self._run(self._changes, command)
        if changes:
            heard = Heard("mssante.imap.notification", "", b"")
            act = partial(_said, imap_words.reply(changes))
            done: Outcome = await self._run(
                self._recorder.handle, self._connection, heard, act, partial(imap_words.refuse, b"*")
            )
            await self._send(done.reply.raw)

    def _changes(self, command: IdleCommand) -> bytes:
        """What has changed in the folder since it was last told."""
        with self._recorder.open() as call:
            if self._desk is not None:
                self._desk.call = call
            never: Any = None
            return b"".join(bytes(one) for one in run(self._state.receive_updates(command, never)))


def _said(reply: Reply, _call: Call) -> Reply:
    return reply
