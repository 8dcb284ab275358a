"""Calls to the DMP: each with an assertion of its own, over the wire, and a trace."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import httpx

from reference.config import ESTABLISHMENT, DmpSettings, Settings
from reference.defects import Defects
from reference.dmp import hl7v2, soap
from reference.dmp.lot_signature import signature
from reference.dmp.names import HL7, PROVIDE, RETRIEVE, STORED_QUERY, TD02, TD03, UPDATE
from reference.dmp.records import DmpCall
from reference.dmp.registry import verdict
from reference.dmp.seal import Seal
from reference.dmp.soap import Reply
from reference.dmp.vihf import PURPOSES, Context, Speaker, vihf
from reference.documents.kinds import Code
from reference.documents.sheet import SECTORS, Signer, Structure
from reference.professionals import Professional
from reference.records import Usager
from reference.refusal import Refusal
from reference.spoil import Written
from reference.store import Store
from reference.wire import Wire, request_to

NORMAL = Code("normal", PURPOSES, "Accès normal")
_WAYS = {
    "TD0.2": ("patients", f"{HL7}:{TD02}"),
    "TD0.3": ("patients", f"{HL7}:{TD03}"),
    "TD2.1": ("repository", PROVIDE),
    "TD3.1a": ("registry", STORED_QUERY),
    "TD3.1b": ("registry", STORED_QUERY),
    "TD3.2": ("repository", RETRIEVE),
    "TD3.3": ("registry", UPDATE),
}
_SECTOR_LABELS = {
    "SA16": "Établissement pour personnes handicapées",
    "SA17": "Établissement pour personnes âgées",
    "SA41": "Autre établissement social ou médico-social",
}
Element = Any


class LostError(Exception):
    """No answer came: what was asked may have been done."""


class RejectedError(Exception):
    """The service refuses the message itself; the text says why."""


@dataclass(frozen=True)
class Who:
    """The professional who acts for an usager. emergency: she breaks the glass."""

    account: Professional
    usager: Usager
    emergency: bool = False

    @property
    def ins(self) -> tuple[str, str]:
        """Matricule and OID."""
        ins = self.usager.ins or {}
        return ins["matricule"], ins["oid"]


@dataclass(frozen=True)
class Order:
    """What is asked. transaction: key of the table; parts: octets by Content-ID."""

    transaction: str
    body: Element
    parts: Mapping[str, bytes] = field(default_factory=dict)


class Dmp:
    """The service that the product is told of."""

    def __init__(
        self, store: Store, wire: Wire, settings: Callable[[], Settings], defects: Defects, now: Callable[[], datetime]
    ) -> None:
        self._store, self._wire, self._settings, self._defects, self._now = store, wire, settings, defects, now

    def structure(self) -> Structure:
        """The establishment as its certificates name it."""
        settings, seal = self._ready()
        sector = Code(settings.secteur, SECTORS, _SECTOR_LABELS.get(settings.secteur, settings.secteur))
        return Structure(seal.structure, ESTABLISHMENT["nom"], sector)

    def sign_lot(self, unique_id: str, octets: bytes) -> bytes:
        """The file of the signature of a lot that brings this document."""
        return signature(self._ready()[1], unique_id, octets)

    def liaison_sheet(self) -> Mapping[str, str] | None:
        """The code of the fiche de liaison, when the product is told one."""
        return self._ready()[0].type_fiche_liaison

    def call(self, who: Who, order: Order) -> Reply:
        """Ask; LostError when no answer came, RejectedError for a SOAP fault, Refusal when the DMP is not set up."""
        way, action = _WAYS[order.transaction]
        settings, _ = self._ready()
        request = request_to("POST", f"{settings.base_url}/xds/{way}")
        request.xml = soap.envelope(action, request.origin + request.path, order.body, self._assertion(who, order))
        request.headers = {"Content-Type": f'{soap.KIND}; action="{action}"', "Accept": "application/soap+xml"}
        request.parts, request.action = dict(order.parts), action
        request.about = {"ins": who.ins[0], "nom": who.usager.nom}
        try:
            reply = self._read(self._wire.send(request))
        except (httpx.TransportError, LostError) as error:
            self._trace(who, order, "sans réponse")
            raise LostError from error
        self._trace(who, order, reply.fault or verdict_of(reply))
        if reply.fault:
            raise RejectedError(reply.fault)
        return reply

    def _read(self, response: httpx.Response) -> Reply:
        try:
            return soap.read(response.content, response.headers.get("Content-Type", ""))
        except ValueError:
            raise LostError from None

    def address(self) -> str:
        """Where the service is. Refusal when the product is not told."""
        return self._ready()[0].base_url

    def assertion(self, who: Who) -> Element:
        """The signed assertion of a call that is no SOAP message."""
        return self._ready()[1].sign(self._unsigned(who))

    def _assertion(self, who: Who, order: Order) -> Element:
        bare = self._unsigned(who)
        self._defects.apply(Written("VIHF", order.transaction, bare))
        return self._ready()[1].sign(bare)

    def _unsigned(self, who: Who) -> Element:
        settings, seal = self._ready()
        context = Context(seal.subject, seal.structure, self.structure().sector, settings.homologation)
        purpose = Code(settings.finalite_urgence, PURPOSES, "Bris de glace") if who.emergency else NORMAL
        return vihf(context, speaker(who.account), hl7v2.cx(who.ins), purpose, self._now())

    def _ready(self) -> tuple[DmpSettings, Seal]:
        settings = self._settings().dmp
        if settings is None:
            raise Refusal("non_configure", "Le produit n'est pas relié au DMP.")
        if settings.signature is None:
            raise Refusal("non_configure", "Le produit n'a pas le cachet de la structure, qui signe pour le DMP.")
        certificate, key = settings.signature["certificat"], settings.signature["cle"]
        if self._defects.has("vihf_et_connexion_meme_certificat"):
            certificate, key = client_of(certificate), client_of(key)
        return settings, _seal(certificate, key)

    def _trace(self, who: Who, order: Order, outcome: str) -> None:
        if self._defects.has("appels_dmp_sans_trace") and order.transaction == "TD2.1":
            return
        call_id = f"d-{secrets.token_hex(6)}"
        instant = self._now().isoformat(timespec="milliseconds")
        author = f"{who.account.prenom} {who.account.nom} ({who.account.identifiant_national})"
        structure = self.structure().id
        self._store.save(DmpCall(call_id, who.usager.id, order.transaction, instant, author, structure, outcome))


def client_of(name: str) -> str:
    """The file of the client certificate, beside that of the seal: of a defect only."""
    path = Path(name)
    return str(path.with_name(path.name.replace(path.name.partition(".")[0], "client")))


@lru_cache(maxsize=8)
def _seal(certificate: str, key: str) -> Seal:
    return Seal.read(certificate, key)


def verdict_of(reply: Reply) -> str:
    """In a word, for the trace."""
    found = verdict(reply)
    return " ".join([found.status, *found.codes]) if found.codes else "répondu"


def profession(account: Professional) -> Code:
    """The profession of an account; Refusal when it has none."""
    if not account.profession:
        raise Refusal("profession_absente", "Le compte de ce professionnel ne dit pas sa profession.")
    return _code(account.profession)


def speaker(account: Professional) -> Speaker:
    """Who asks, as the VIHF says it; Refusal without a national identifier or a profession."""
    if not account.identifiant_national:
        text = "Le DMP ne s'ouvre qu'à un professionnel connu par son identifiant national."
        raise Refusal("identifiant_national_absent", text)
    roles = [profession(account), *([_code(account.specialite)] if account.specialite else [])]
    return Speaker(account.identifiant_national, account.nom, account.prenom, roles)


def signer(account: Professional) -> Signer:
    """The same, as documents say it."""
    said = speaker(account)
    return Signer(said.id, said.family, said.given, said.roles[0])


def _code(told: Mapping[str, str]) -> Code:
    return Code(told["code"], told["systeme"], told.get("libelle", told["code"]))
