"""Commands of mail as calls: faults played, state changed and journal written in one transaction, then the answer."""

from __future__ import annotations

import base64
import hashlib
import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mocks import clock, faults, journal, real_people, tenants
from mocks.call import Call, FaultPlayedError
from mocks.mssante.model_mailboxes import Mailbox

if TYPE_CHECKING:
    import asyncio

    from mocks.mssante.transport import MailTls
    from mocks.service import Service
    from mocks.store import Store

KEPT_WHOLE = 10_000_000  # bytes of a message in the journal
UNKNOWN_PERSON = "personne_reelle"
log = logging.getLogger("banc.mocks")


@dataclass(frozen=True, slots=True)
class Reply:
    """What is answered.

    status: as `answer.status` (contract §6). text: the lines, with their ends, as the journal keeps them. closes: hang
    up afterwards. raw: what is sent, where that is not the text.
    """

    status: int
    text: str
    closes: bool = False
    raw: bytes = b""


Refuse = Callable[[str], Reply]


@dataclass
class Connection:
    """One connection to a port of a tenant.

    port: `smtp`… server: name of the server's certificate. tls: as `context.tls`, None before. auth: `context.auth`.
    """

    id: str
    protocol: str
    port: str
    address: str
    server: str
    tls: Mapping[str, Any] | None = None
    auth: Mapping[str, Any] | None = None
    mailbox: Mailbox | None = None


@dataclass(frozen=True, slots=True)
class Port:
    """What a session needs of the port that it came by.

    run: runs what blocks in a thread. refused: tells a handshake that failed (error, SSL protocol or None). opened:
    told of each connection, which the port closes in the end.
    """

    recorder: Recorder
    tls: MailTls
    run: Callable[..., Any]
    refused: Callable[[OSError, Any], None]
    opened: Callable[[asyncio.BaseTransport], None]


@dataclass(frozen=True, slots=True)
class Heard:
    """A command as received. shown: what the journal keeps of it where that is not all (secrets)."""

    operation: str
    verb: str
    received: bytes
    shown: bytes | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer, or that the connection is cut instead."""

    reply: Reply
    cut: bool = False
    refused: bool = False  # by a fault or by the bench itself: the command has not been done


@dataclass
class Recorder:
    """Writes what is said on the ports of one tenant."""

    store: Store
    service: Service
    tenant: str

    def handle(self, connection: Connection, heard: Heard, act: Callable[[Call], Reply], refuse: Refuse) -> Outcome:
        """Do one command and journal it; returns once it is durable. Blocks: to be called in a thread.

        refuse: the answer of a transport fault, or of the bench itself, by its name.
        """
        started = time.perf_counter()
        with self.store.session(self.tenant) as session:
            tenant = tenants.load(session, self.tenant)
            call = Call(tenant, session, self.service, "", tenant.now(), heard.received, operation=heard.operation)
            reply, refused = self._done(call, heard, act, refuse)
            cut = call.cut or call.fault == "coupure_apres"
            entry = _entry(call, connection, heard, None if cut else reply, time.perf_counter() - started)
            journal.record(session, entry)
            session.commit()
        self.store.notify()
        for errand in call.errands:
            self.store.errands.submit(errand)
        time.sleep(call.late_s)
        return Outcome(reply, cut, refused)

    @contextmanager
    def open(self) -> Iterator[Call]:
        """A call that only looks, of which the journal says nothing."""
        with self.store.session(self.tenant) as session:
            tenant = tenants.load(session, self.tenant)
            yield Call(tenant, session, self.service, "", tenant.now(), b"")

    def _done(self, call: Call, heard: Heard, act: Callable[[Call], Reply], refuse: Refuse) -> tuple[Reply, bool]:
        """The answer, and whether the command was refused by a fault or by the bench."""
        if real_people.seen_in(heard.received):
            return self._real_person(call, refuse), True
        try:
            fault = call.limit() or call.play(faults.TRANSPORT)
            reply = None if fault is None else self._played(call, fault, refuse)
            return (reply, True) if reply is not None else (act(call), False)
        except FaultPlayedError as error:
            return self._played(call, error.fault, refuse) or refuse("503"), True
        except real_people.RealPersonError:
            return self._real_person(call, refuse), True
        except Exception:
            log.exception("%s : le bac à sable a échoué", heard.operation)
            call.session.rollback()
            call.note("erreur-du-banc", "le bac à sable a échoué ; rien n'a changé")
            return refuse("500"), True

    def _played(self, call: Call, fault: Mapping[str, Any], refuse: Refuse) -> Reply | None:
        """The answer of a transport fault; None when the command goes on (slowed down, or cut only afterwards)."""
        nature = str(fault["nature"])
        if nature in ("lenteur", "coupure_apres"):
            return None
        call.cut = nature == "coupure_avant"
        return refuse("503" if call.cut else "429" if nature == faults.RATE else nature)

    def _real_person(self, call: Call, refuse: Refuse) -> Reply:
        """The refusal, once the call holds nothing any more of what was sent."""
        call.session.rollback()
        call.body = b""
        call.context.clear()
        call.operation = f"{self.service.name}.{UNKNOWN_PERSON}"
        call.note(real_people.CODE, "contenu qui peut être celui d'une vraie personne : refusé et non conservé")
        return refuse(UNKNOWN_PERSON)


def _entry(call: Call, connection: Connection, heard: Heard, reply: Reply | None, seconds: float) -> dict[str, Any]:
    shown = call.body if heard.shown is None or not call.body else heard.shown
    tls, auth = connection.tls, connection.auth
    said = {"connexion": connection.id, "port": connection.port}
    context = {**said, **({"auth": auth} if auth else {}), **call.context, **({"tls": tls} if tls else {})}
    client = (tls or {}).get("client") or {}
    return {
        "tenant": call.tenant.name,
        "instant": clock.rfc3339(call.now),
        "protocol": connection.protocol,
        "service": call.service.name,
        "operation": call.operation,
        "person": call.person,
        "request": {"method": heard.verb, "target": "", "headers": [], **_text(shown)},
        "answer": None if reply is None else {"status": reply.status, "headers": [], "body": journal.mask(reply.text)},
        "client": {"client_id": None, "certificate": client.get("subject"), "address": connection.address},
        "context": context,
        "notes": call.notes,
        "fault": call.fault,
        "duration_ms": round((seconds + call.late_s) * 1000, 3),
    }


def _text(content: bytes) -> dict[str, str]:
    if len(content) > KEPT_WHOLE:
        return {"body": f"‹octets={len(content)};sha256={hashlib.sha256(content).hexdigest()}›"}
    try:
        return {"body": journal.mask(content.decode())}
    except UnicodeDecodeError:
        hidden = journal.mask(content.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")
        return {"body_base64": base64.b64encode(hidden).decode()}
