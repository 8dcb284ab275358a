"""DMP-045 to DMP-047: who wrote a document and who answers for it, in the metadata."""

from __future__ import annotations

from collections.abc import Iterator

from profiles.keys import wrong_structure_id
from rules.core import Authority, Finding, Level, rule
from rules.dmp import (
    DEPOSITS,
    HOMO,
    P4D,
    PARTAGE,
    WITH_ENTRIES,
    Document,
    authority,
    entries,
    listed,
    mapping,
    parts,
    texts,
    vihf,
)
from rules.exchange import Exchange
from rules.reading import dig, shown, text
from rules.selectors import On

_PERSONS, _STRUCTURES = "1.2.250.1.71.4.2.1", "1.2.250.1.71.4.2.2"
_PROFESSIONS = "1.2.250.1.71.1.2.7"
_PATIENT_TYPES = ("EXPPAT", "DOCPAT")


def _authors(document: Document) -> list[tuple[int, dict[str, object]]]:
    return [(place, dict(mapping(one))) for place, one in enumerate(listed(document.entry.get("authors")), start=1)]


def _is_system(xcn: str) -> bool:
    """Whether an XCN says that it names a system: type of name U, type of identifier RI."""
    found = parts(xcn, 13)
    return found[9] == "U" or found[12] == "RI"


def _is_patient(xcn: str) -> bool:
    return parts(xcn, 13)[12] == "NH"


@rule(
    "DMP-045",
    Level.SHALL,
    Authority.DEDUITE,
    f"{P4D}, exemples d'auteurs (XON, XCN)",
    title="authorInstitution est un XON (Struct_IdNat, IDNST) et authorPerson un XCN, avec leurs OID.",
    on=DEPOSITS & WITH_ENTRIES & On(lambda e: any(one.entry.get("authors") for one in entries(e))),
)
def authors_are_identified(exchange: Exchange) -> Iterator[Finding]:
    for one in entries(exchange):
        for place, author in _authors(one):
            for xon in texts(author.get("institutions")):
                yield from _institution(one.at(f"author[{place}]/authorInstitution"), xon)
            person = text(author.get("person"))
            if person and not _is_patient(person) and authority(parts(person, 9)[8]) != _PERSONS:
                seen = authority(parts(person, 9)[8]) or person
                yield Finding(one.at(f"author[{place}]/authorPerson"), f"l'OID {_PERSONS}", shown(seen))


def _institution(at: str, xon: str) -> Iterator[Finding]:
    found = parts(xon, 10)
    oid, kind, number = authority(found[5]), found[6], found[9].strip()
    if (oid, kind) == ("1.3.2", "SIREN"):
        return
    if oid != _STRUCTURES:
        yield Finding(at, f"l'OID {_STRUCTURES}", shown(oid or xon))
    if kind != "IDNST":
        yield Finding(at, "le type IDNST", shown(kind))
    wrong = wrong_structure_id(number)
    if not number or (number[0] in "123" and wrong is not None and wrong.what == "shape"):
        yield Finding(at, "1 suivi du FINESS (9 caractères), ou 3 suivi du SIRET", shown(number))


_BY_A_SYSTEM = DEPOSITS & On(
    lambda e: any(_is_system(text(author.get("person"))) for one in entries(e) for _, author in _authors(one))
)


@rule(
    "DMP-046",
    Level.SHALL,
    Authority.DEDUITE,
    f"{P4D}, exemples d'auteurs (système)",
    title="Un logiciel auteur est identifié par 3 et le FINESS (ou 5 et le SIRET), /, son numéro ; types U et RI.",
    on=_BY_A_SYSTEM,
)
def systems_are_identified(exchange: Exchange) -> Iterator[Finding]:
    for one in entries(exchange):
        for place, author in _authors(one):
            xcn, at = parts(author.get("person"), 13), one.at(f"author[{place}]/authorPerson")
            if not _is_system(text(author.get("person"))):
                continue
            owner, slash, local = xcn[0].partition("/")
            right = (owner[:1], len(owner)) in (("3", 10), ("5", 15), ("4", 10)) and slash and local
            if not right:
                expected = "3 suivi du FINESS, ou 5 suivi du SIRET, puis / et le numéro du logiciel"
                yield Finding(at, expected, shown(xcn[0]))
            if (xcn[9], xcn[12]) != ("U", "RI"):
                yield Finding(at, "type de nom U, type d'identifiant RI", shown(f"{xcn[9]}, {xcn[12]}"))
            for specialty in texts(author.get("specialties")):
                if parts(specialty, 3)[2] == _PROFESSIONS:
                    at = one.at(f"author[{place}]/authorSpecialty")
                    yield Finding(at, "aucune profession : l'auteur est un logiciel", shown(specialty))


@rule(
    "DMP-047",
    Level.SHALL,
    Authority.DEDUITE,
    f"{HOMO} (EX_2.1-1140) ; {PARTAGE}, legalAuthenticator",
    title="Le responsable d'un document est le professionnel connecté (celui du VIHF), non le logiciel.",
    on=DEPOSITS & On(lambda e: any(map(_written_by_a_person, entries(e))) and bool(vihf(e).get("name_id"))),
)
def the_professional_answers_for_it(exchange: Exchange) -> Iterator[Finding]:
    """A document of the patient is hers; one that a software writes may be answered for by a system."""
    for one in filter(_written_by_a_person, entries(exchange)):
        seen = text(one.entry.get("legal_authenticator"))
        expected = f"le professionnel du VIHF : {text(vihf(exchange).get('name_id'))}"
        if _is_system(seen):
            yield Finding(one.at("legalAuthenticator"), expected, "un logiciel")
        elif parts(seen, 1)[0] != text(vihf(exchange).get("name_id")):
            yield Finding(one.at("legalAuthenticator"), expected, shown(parts(seen, 1)[0]))


def _written_by_a_person(document: Document) -> bool:
    kind, signer = text(dig(document.entry, "type", "code")), text(document.entry.get("legal_authenticator"))
    authors = [text(author.get("person")) for _, author in _authors(document)]
    by_patient = kind.startswith(_PATIENT_TYPES) or _is_patient(signer)
    return (
        bool(signer) and not by_patient and any(one and not _is_system(one) and not _is_patient(one) for one in authors)
    )
