"""INS-01 to INS-04: what a call to the INSi teleservice must look like."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import timedelta

from rules.core import Authority, Examined, Finding, Level, rule
from rules.exchange import Exchange
from rules.insi import INSI_CALLS, RETRIEVES, TRAITS_SEARCHES, VERIFIES, calls_of
from rules.instants import parse_instant
from rules.oidc import OVER_TLS, certificate
from rules.reading import dig, shown, text
from rules.selectors import UNCERTAIN, On, http
from rules.transport import chosen_certificate

CLIENTS = "Clients publics de l'INSi (guide SEL-MP-043 non publié)"
_ACTION = "urn:ServiceIdentiteCertifiee:1.0.0:rechercherInsAvecTraitsIdentite"
_SOAP12 = "http://www.w3.org/2003/05/soap-envelope"
_NAME = re.compile(r"[A-Z][A-Z' -]*")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PLACE = re.compile(r"[0-9]{5}|2[AB][0-9]{3}")
_CLOCK = timedelta(minutes=5)
_POSTED = On(lambda e: e.method == "POST" and isinstance(e.context.get("insi"), dict))


@rule(
    "INS-01",
    Level.SHALL,
    Authority.DEDUITE,
    CLIENTS,
    title="L'appel est en SOAP 1.2, avec son action, ContexteBAM 01_02, ContexteLPS 01_00 et l'IDAM (R=4).",
    on=(INSI_CALLS | http("insi.inconnue")) & _POSTED,
)
def envelope(exchange: Exchange) -> Iterator[Finding]:
    """The names of the actions other than the search by traits are not published: ours accuse nobody.

    When the service could not read the envelope, only the envelope is told.
    """
    kind = exchange.header("Content-Type") or ""
    if not kind.lower().startswith("application/soap+xml"):
        yield Finding("en-tête Content-Type", "application/soap+xml", shown(kind))
    if _SOAP12 not in exchange.body:
        yield Finding("Envelope", f"SOAP 1.2 ({_SOAP12})", "une autre enveloppe")
    if "message_id" not in exchange.context["insi"]:
        return
    named = text(dig(exchange.context, "insi", "action"))
    if "INSiRecSans" in exchange.body and named != _ACTION:
        yield Finding("Action", _ACTION, shown(named))
    elif exchange.operation == "insi.inconnue":
        yield Finding("Action", "une action de l'INSi", shown(named), authority=Authority.BANC)
    for block, path, expected in (
        ("ContexteBAM/@Version", ("bam", "version"), "01_02"),
        ("ContexteLPS/@Version", ("lps", "version"), "01_00"),
        ("ContexteLPS/LPS/IDAM/@R", ("lps", "idam_r"), "4"),
    ):
        seen = dig(exchange.context, "insi", *path)
        if str(seen or "") != expected:
            yield Finding(block, expected, shown(seen))
    if not dig(exchange.context, "insi", "lps", "idam"):
        yield Finding("ContexteLPS/LPS/IDAM", "le numéro d'autorisation du CNDA", "rien")


@rule(
    "INS-02",
    Level.SHALL,
    Authority.DEDUITE,
    CLIENTS,
    title="MessageID et identifiants de contexte changent à chaque appel ; Temps est exact, avec son fuseau.",
    on=INSI_CALLS & On(lambda e: isinstance(e.context.get("insi"), dict)),
    over="scenario",
)
def fresh_identifiers(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """INSi's tolerance is not published: ours accuses nobody. A message sent again after a lost answer passes."""
    used: dict[str, set[str]] = {"message_id": set(), "bam": set(), "lps": set()}
    for call in exchanges:
        wrong = list(_wrong_times(call))
        for kind, at in (("message_id", "MessageID"), ("bam", "ContexteBAM/Id"), ("lps", "ContexteLPS/Id")):
            part = dig(call.context, "insi", kind)
            value = text(part) or text(dig(part, "id"))
            if not value:
                wrong.append(Finding(at, "un identifiant unique", "rien", exchange=call.id))
            elif value in used[kind]:
                wrong.append(Finding(at, "un identifiant neuf", "un identifiant déjà employé", exchange=call.id))
            elif not UNCERTAIN(call):
                used[kind].add(value)
        yield from wrong
        if not wrong:
            yield Examined(call.id)


def _wrong_times(call: Exchange) -> Iterator[Finding]:
    for kind, at in (("bam", "ContexteBAM/Temps"), ("lps", "ContexteLPS/Temps")):
        written = dig(call.context, "insi", kind, "temps")
        instant = parse_instant(written)
        if instant is None:
            yield Finding(at, "un instant ISO 8601 avec son fuseau", shown(written), exchange=call.id)
        elif abs(instant - call.instant) > _CLOCK:
            seen = shown(written)
            yield Finding(at, "l'heure de l'appel", seen, exchange=call.id, authority=Authority.BANC)


@rule(
    "INS-03",
    Level.SHALL,
    Authority.DEDUITE,
    CLIENTS,
    title="Les traits envoyés sont en capitales sans accent ; sexe M ou F, date AAAA-MM-JJ, lieu en code INSEE.",
    on=TRAITS_SEARCHES & On(lambda e: isinstance(dig(e.context, "insi", "traits"), dict)),
)
def traits_sent(exchange: Exchange) -> Iterator[Finding]:
    def sent(name: str) -> str:
        return text(dig(exchange.context, "insi", "traits", name))

    given = dig(exchange.context, "insi", "traits", "Prenom")
    firsts = given if isinstance(given, list) else [given]
    for name, value in [("NomNaissance", sent("NomNaissance")), *(("Prenom", text(one)) for one in firsts)]:
        if not _NAME.fullmatch(value):
            yield Finding(name, "des capitales sans accent, tiret, apostrophe ou espace", shown(value))
    if sent("Sexe") not in ("M", "F"):
        yield Finding("Sexe", "M ou F", shown(sent("Sexe")))
    if not _DATE.fullmatch(sent("DateNaissance")):
        yield Finding("DateNaissance", "AAAA-MM-JJ", shown(sent("DateNaissance")))
    place = dig(exchange.context, "insi", "traits", "LieuNaissance")
    if place is not None and not _PLACE.fullmatch(text(place)):
        yield Finding("LieuNaissance", "un code INSEE de 5 caractères, ou aucun élément", shown(place))


@rule(
    "INS-04",
    Level.SHALL,
    Authority.DEDUITE,
    "ANS, certificats logiciels (INSi) ; clients publics de l'INSi",
    title="Le certificat INSI-MANU sert aux appels d'un utilisateur, INSI-AUTO aux appels automatiques.",
    over="scenario",
)
def certificate_by_use(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """Not for the card of a professional, nor for another certificate that the scenario itself chose (configurer)."""
    chosen = {"insi-manu": "", "insi-auto": ""}
    for e in exchanges:
        chosen = {name: chosen_certificate(e, name.replace("-", "_")) or known for name, known in chosen.items()}
        wanted = "insi-auto" if e.resource.get("automatique") is True else "insi-manu"
        if not (RETRIEVES(e) or VERIFIES(e)) or chosen[wanted] not in ("", wanted):
            continue
        for call in filter(OVER_TLS, calls_of(e, exchanges)):
            shown_by = certificate(call)
            if shown_by is None or "PROFESSIONNELS" in str(shown_by.get("issuer")):
                continue
            if shown_by.get("cn") == wanted.upper():
                yield Examined(call.id)
            else:
                yield Finding("certificat client, CN", wanted.upper(), shown(shown_by.get("cn")), exchange=call.id)
