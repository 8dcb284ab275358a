"""A sandbox with Pro Santé Connect and MSSanté, its mail ports open, and who writes through them."""

from __future__ import annotations

import base64
import imaplib
import smtplib
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx
import pytest

from mocks.mssante import MSSANTE
from mocks.psc import PSC
from mocks.sandbox import Sandbox
from tests.mocks.psc.product import Product

LEA, MDPH, APP = "lea.essai@ems.test.mssante.fr", "mdph33@mdph.test.mssante.fr", "dossiers@ems.test.mssante.fr"


@dataclass
class Office:
    """One tenant: its professional with her mailbox, the MDPH's, and an applicative one."""

    product: Product
    pro: dict[str, Any]
    opened: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.box(LEA, "PER", titulaires=[self.pro["id"]])
        self.box(MDPH, "ORG", titulaires=[self.pro["id"]])
        self.box(APP, "APP")

    def admin(self, method: str, path: str, **body: Any) -> Any:
        return self.product.admin(method, path, **body)

    def box(self, address: str, kind: str, **more: Any) -> None:
        self.admin("POST", "mssante/boites", adresse=address, type=kind, **more)

    def set(self, **settings: Any) -> None:
        self.admin("PATCH", "reglages", **{f"mssante.{key}": value for key, value in settings.items()})

    def fault(self, operation: str, nature: str, **more: Any) -> None:
        self.admin("POST", "pannes", operation=f"mssante.{operation}", nature=nature, **more)

    def inbox(self, address: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.admin("GET", f"mssante/boites/{address}/messages")["messages"]
        return found

    def raw(self, number: int) -> bytes:
        return base64.b64decode(self.admin("GET", f"mssante/messages/{number}")["contenu_base64"])

    def journal(self, operation: str = "") -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.admin("GET", f"echanges?service=mssante&operation={operation}")["echanges"]
        return found

    def last(self, operation: str) -> dict[str, Any]:
        return self.journal(f"mssante.{operation}")[-1]

    def ports(self, **wishes: Any) -> dict[str, Any]:
        key = repr(wishes)
        if key not in self.opened:
            self.opened[key] = self.product.http.post(
                f"https://banc.test/_banc/tenants/{self.product.tenant}/mssante/ecoutes", json=wishes
            ).json()
        return self.opened[key]

    def trust(self, certificate: str = "") -> ssl.SSLContext:
        folder = Path(self.ports()["dossier"])
        context = ssl.create_default_context(cafile=str(folder / "autorites.pem"))
        if certificate:
            context.load_cert_chain(folder / f"{certificate}.pem", folder / f"{certificate}.key.pem")
        return context

    @cached_property
    def token(self) -> str:
        return str(self.product.log_in(self.pro)["access_token"])

    def plain(self, port: str = "smtp", **wishes: Any) -> smtplib.SMTP:
        """A connection before TLS."""
        return smtplib.SMTP("localhost", self.ports(**wishes)[port]["port"], timeout=10)

    def secured(self, port: str = "smtp", certificate: str = "") -> smtplib.SMTP:
        made = self.plain(port)
        made.starttls(context=self.trust(certificate))
        made.ehlo()
        return made

    def entered(self, address: str = LEA, token: str | None = None, mechanism: str = "XOAUTH2") -> smtplib.SMTP:
        made = self.secured()
        authenticate(made, address, self.token if token is None else token, mechanism)
        return made

    def send(self, content: bytes, *to: str, sender: str = LEA, **options: Any) -> dict[str, Any]:
        with self.entered(sender) as server:
            return server.sendmail(sender, list(to), content, **options)  # type: ignore[return-value]

    # IMAP

    def plain_imap(self, port: str = "imap", **wishes: Any) -> imaplib.IMAP4:
        """A connection before TLS."""
        return imaplib.IMAP4("localhost", self.ports(**wishes)[port]["port"], timeout=10)

    def secured_imap(self, port: str = "imap", certificate: str = "") -> imaplib.IMAP4:
        made = self.plain_imap(port)
        made.starttls(self.trust(certificate))
        return made

    def opened_imap(self, address: str = MDPH, token: str | None = None, mechanism: str = "XOAUTH2") -> imaplib.IMAP4:
        """The mailbox, with its INBOX selected."""
        made = self.secured_imap()
        first, dummy = initial(address, self.token if token is None else token, mechanism)
        made.authenticate(mechanism, lambda challenge: dummy.encode() if challenge else first.encode())
        assert made.select()[0] == "OK"
        return made


def initial(address: str, token: str, mechanism: str) -> tuple[str, str]:
    """The initial response, and what answers the challenge of a refusal."""
    if mechanism == "XOAUTH2":
        return f"user={address}\x01auth=Bearer {token}\x01\x01", ""
    return f"n,a={address},\x01host=localhost\x01port=587\x01auth=Bearer {token}\x01\x01", "\x01"


def authenticate(server: smtplib.SMTP, address: str, token: str, mechanism: str = "XOAUTH2") -> Any:
    first, dummy = initial(address, token, mechanism)
    return server.auth(mechanism, lambda challenge=None: first if challenge is None else dummy)


def message(subject: str = "Essai", number: int = 1, text: str = "Bonjour.", **headers: str) -> bytes:
    usual = {
        "From": f"Lea Essai <{LEA}>",
        "To": f"<{MDPH}>",
        "Subject": subject,
        "Date": "Mon, 02 Mar 2026 10:00:00 +0100",
        "Message-ID": f"<essai-{number}@ems.test>",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    lines = [f"{name}: {value}" for name, value in usual.items()]
    return "\r\n".join([*lines, "", text, ""]).encode()


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    made = Sandbox(services=[PSC, MSSANTE])
    yield made
    made.close()


@pytest.fixture
def office(sandbox: Sandbox) -> Iterator[Office]:
    with sandbox.embedded():
        product = Product.registered()
        made = Office(product, product.admin("POST", "professionnels"))
        yield made
        httpx.delete(f"https://banc.test/_banc/tenants/{product.tenant}")
