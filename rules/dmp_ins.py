"""DMP-001 to DMP-008: whose DMP it is, in the VIHF, in the metadata and in the CDA."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from profiles.keys import INS_OIDS, wrong_ins
from rules.core import Authority, Examined, Finding, Level, rule
from rules.dmp import (
    CALLS,
    CDA_HEADER,
    DEPOSITS,
    HOMO,
    SUBMISSIONS,
    TD02,
    TDDUI,
    TRANS,
    WITH_CDA,
    Document,
    cda_ins,
    cx,
    documents,
    entries,
    listed,
    lot,
    mapping,
    sent_ins,
    texts,
    vihf,
)
from rules.exchange import Exchange
from rules.identity_sent import known_usagers
from rules.insi import INSI_CALLS, RECEIVES, individual, usager_of
from rules.reading import dig, shown, text
from rules.selectors import On

_PRODUCTION = frozenset(("1.2.250.1.213.1.4.8", "1.2.250.1.213.1.4.9"))
_NAMED = CALLS & On(lambda e: any(True for _ in sent_ins(e)))
_CORSICAN = re.compile(r"(?<![0-9A-Z])[1-478]\d{4}2[AB]\d{8}(?![0-9A-Z])")
_EXPORT = "1.2.250.1.213.1.1.1.58"
_PLACE = re.compile(r"[0-9]{5}|2[AB][0-9]{3}")


@rule(
    "DMP-001",
    Level.SHALL,
    Authority.DEDUITE,
    f"{HOMO} (EX_GEN-1270) ; règle de la clé du NIR (INSEE)",
    title="Un matricule INS a 15 caractères et une clé exacte : un matricule faux ne sert à aucun appel.",
    on=_NAMED,
)
def key_is_right(exchange: Exchange) -> Iterator[Finding]:
    for at, (matricule, oid) in sent_ins(exchange):
        wrong = wrong_ins(matricule) if oid in INS_OIDS else None
        if wrong is not None:
            yield Finding(at, "15 caractères, clé comprise et exacte", shown(matricule), _sentence(wrong.reason))


def _sentence(reason: str) -> str:
    return f"{reason[:1].upper()}{reason[1:]}."


@rule(
    "DMP-002",
    Level.SHALL,
    Authority.DEDUITE,
    "Règle de la clé du NIR (INSEE) : les lettres restent dans le matricule transmis",
    title="Le matricule d'une personne née en Corse est transmis avec sa lettre (2A, 2B), jamais avec 19 ou 18.",
    over="scenario",
)
def corsican_letter_is_sent(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """A number with 19 or 18 is somebody else's, born elsewhere: only a matricule seen with its letter accuses."""
    known: set[str] = set()
    for e in exchanges:
        known |= _corsican(e)
        if not CALLS(e):
            continue
        digits = {_without_letter(one): one for one in known}
        for at, (matricule, _) in sent_ins(e):
            if matricule in digits and matricule not in known:
                yield Finding(at, digits[matricule], matricule, exchange=e.id)
            elif matricule in known:
                yield Examined(e.id)


def _corsican(e: Exchange) -> set[str]:
    """Corsican matricules that an exchange tells the product, or that the product says."""
    found = set()
    if e.protocol == "action":
        found = set(_CORSICAN.findall(e.body)) | set(_CORSICAN.findall(e.answer_body))
    elif INSI_CALLS(e) and (person := individual(e)) is not None:
        found = set(_CORSICAN.findall(person.matricule))
    return {one for one in found if wrong_ins(one) is None}


def _without_letter(matricule: str) -> str:
    return matricule[:5] + {"2A": "19", "2B": "18"}[matricule[5:7]] + matricule[7:]


@rule(
    "DMP-003",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{TDDUI} (NSS et INS distincts) ; {HOMO} (EX_GEN-1520)",
    title="L'OID du patient est celui d'un INS, dans l'environnement d'essai : .10 ou .11 ; jamais un NSS (.13, .14).",
    on=_NAMED,
)
def oid_is_that_of_an_ins(exchange: Exchange) -> Iterator[Finding]:
    """That test and production have OIDs of their own is known from vendors only: that point is inferred."""
    for at, (_, oid) in sent_ins(exchange):
        if oid not in INS_OIDS:
            yield Finding(at, "l'OID d'un INS (1.2.250.1.213.1.4.10 ou .11)", shown(oid))
        elif oid in _PRODUCTION:
            expected = "un OID d'essai (1.2.250.1.213.1.4.10 ou .11)"
            yield Finding(at, expected, oid, authority=Authority.DEDUITE)


@rule(
    "DMP-004",
    Level.SHALL,
    Authority.OFFICIELLE,
    TRANS,
    title="Le VIHF, le lot, chaque entrée et le CDA désignent le même patient, par le même INS.",
    on=SUBMISSIONS & On(lambda e: cx(dig(vihf(e), "ins", "raw")) is not None and bool(lot(e))),
)
def one_patient(exchange: Exchange) -> Iterator[Finding]:
    named = list(sent_ins(exchange))
    _, (matricule, oid) = named[0]
    for at, other in named[1:]:
        if other != (matricule, oid):
            yield Finding(at, f"l'INS du VIHF : {matricule}, OID {oid}", shown("^".join(other)))
    yield from _missing(exchange)


def _missing(exchange: Exchange) -> Iterator[Finding]:
    """Places that name nobody."""
    if cx(lot(exchange).get("patient_id")) is None:
        yield Finding("lot, patientId", "l'INS du patient, en CX", shown(lot(exchange).get("patient_id")))
    for one in entries(exchange):
        if cx(one.entry.get("patient_id")) is None:
            yield Finding(one.at("patientId"), "l'INS du patient, en CX", shown(one.entry.get("patient_id")))
    for one in documents(exchange):
        if not cda_ins(one):
            yield Finding(one.in_cda("recordTarget/patientRole/id"), "l'INS du patient", "aucun INS")


@rule(
    "DMP-005",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{CDA_HEADER}, recordTarget",
    title="Un CDA qui porte un INS donne le nom et le prénom de naissance (BR), la date de naissance et le sexe.",
    on=WITH_CDA & On(lambda e: any(map(cda_ins, documents(e)))),
)
def cda_has_the_strict_traits(exchange: Exchange) -> Iterator[Finding]:
    """A trait with a nullFlavor is there for the schematron, and missing for the référentiel INS: that is inferred."""
    for one in filter(cda_ins, documents(exchange)):
        for what, path, held in (
            ("le nom de naissance", 'name/family[@qualifier="BR"]', _named(one, "families", "BR")),
            ("le premier prénom de naissance", 'name/given[@qualifier="BR"]', _named(one, "givens", "BR")),
            ("la date de naissance", "birthTime/@value", dig(one.cda, "patient", "birth_time")),
            ("le sexe", "administrativeGenderCode/@code", dig(one.cda, "patient", "gender")),
        ):
            if not held:
                weight = Authority.DEDUITE if _flavoured(path, exchange) else None
                yield Finding(one.in_cda(f"recordTarget/patientRole/patient/{path}"), what, "rien", authority=weight)


def _flavoured(path: str, exchange: Exchange) -> bool:
    """Whether an element of the message says why it has no value: the schematron lets it pass."""
    return re.search(rf"<(?:[\w.-]+:)?{path.partition('/')[0]}\b[^>]*nullFlavor", exchange.body) is not None


def _named(document: Document, part: str, qualifier: str | None) -> bool:
    names = map(mapping, listed(dig(document.cda, "patient", part)))
    return any(one.get("qualifier") == qualifier and text(one.get("text")).strip() for one in names)


@rule(
    "DMP-006",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{TDDUI}, recordTarget",
    title="Un CDA qui porte un INS donne la liste des prénoms et le code INSEE du lieu de naissance, sans nullFlavor.",
    on=WITH_CDA & On(lambda e: any(map(cda_ins, documents(e)))),
)
def cda_has_all_traits(exchange: Exchange) -> Iterator[Finding]:
    """Written for the export of a DUI; for another document the same content is inferred from the référentiel INS."""
    for one in filter(cda_ins, documents(exchange)):
        weight = None if _EXPORT in texts(one.cda.get("templates")) else Authority.DEDUITE
        patient = "recordTarget/patientRole/patient"
        if not _named(one, "givens", None):
            at = one.in_cda(f"{patient}/name/given[not(@qualifier)]")
            yield Finding(at, "la liste des prénoms de naissance", "rien", authority=weight)
        place = text(dig(one.cda, "patient", "birthplace"))
        if not _PLACE.fullmatch(place):
            at = one.in_cda(f"{patient}/birthplace/place/addr/county")
            yield Finding(at, "le code INSEE du lieu de naissance", shown(place), authority=weight)
        for part, tag in (("families", "name/family"), ("givens", "name/given")):
            if any(mapping(name).get("null_flavor") for name in listed(dig(one.cda, "patient", part))):
                yield Finding(one.in_cda(f"{patient}/{tag}/@nullFlavor"), "une valeur", "nullFlavor", authority=weight)


@rule(
    "DMP-007",
    Level.SHALL,
    Authority.OFFICIELLE,
    "Référentiel national d'identitovigilance ; Ségur vague 2, INS/va1.53",
    title="Aucun INS n'est envoyé au DMP tant que l'identité n'est pas qualifiée dans le produit.",
    over="scenario",
)
def only_qualified_identities_reach_the_dmp(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """Status: the last one that the product said before the call, or the one that it says when the action ends."""
    known = known_usagers(exchanges)
    for call in filter(_NAMED, exchanges):
        at, (matricule, _) = next(iter(sent_ins(call)))
        for one in known.values():
            status, soon = one.status_at(call.id), one.next_status(call.id)
            if not status or matricule.upper() not in one.matricules | one.former:
                continue
            if "qualifiee" in (status, soon):
                yield Examined(call.id)
            else:
                yield Finding(at, f"aucun INS : l'identité est {status}", "un INS", exchange=call.id)


@rule(
    "DMP-008",
    Level.SHALL,
    Authority.DEDUITE,
    f"{HOMO} (EX_GEN-1230, EX_GEN-1270)",
    title="Un INS reçu d'un tiers est vérifié par TD0.2 avant la première alimentation.",
    over="scenario",
)
def received_ins_is_checked_first(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """The comparison of identities takes place inside the product: only TD0.2 is seen."""
    received: dict[str, int] = {}
    for e in exchanges:
        if RECEIVES(e) and e.status == 200 and usager_of(e):
            received.setdefault(text(e.resource.get("matricule")).upper(), e.id)
        named = {ins[0].upper() for _, ins in sent_ins(e)} if (TD02 | DEPOSITS)(e) else set()
        for matricule in named & set(received):
            if TD02(e) and e.context.get("response_status") == "AA":
                del received[matricule]
                yield Examined(e.id)
            elif DEPOSITS(e):
                at = next(at for at, ins in sent_ins(e) if ins[0].upper() == matricule)
                yield Finding(at, "un TD0.2 avant cette alimentation", "aucun", exchange=e.id)
