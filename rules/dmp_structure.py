"""DMP-023, DMP-024, DMP-026, DMP-027, DMP-044: the structure that the VIHF names, and the mode of access."""

from __future__ import annotations

import re
from collections.abc import Iterator

from profiles.keys import wrong_structure_id
from rules.core import Authority, Finding, Level, rule
from rules.dmp import (
    DEPOSITS,
    HIDDEN_FROM_REPRESENTATIVES,
    HOMO,
    KNOWN_CALLS,
    P4D,
    SUBMISSIONS,
    TRANS,
    WITH_VIHF,
    code,
    codes,
    entries,
    listed,
    vihf,
)
from rules.exchange import Exchange
from rules.reading import dig, shown, text
from rules.selectors import On

_SECTOR = re.compile(r"SA[0-9]{2}\^1\.2\.250\.1\.71\.4\.2\.4")
_AUTOMATA = "1.2.250.1.213.1.1.4.6"
_AIR = KNOWN_CALLS & WITH_VIHF & On(lambda e: dig(e.context, "vihf", "mode") == "AIR")
# PS_IdNat of a person: 0 ADELI, 8 RPPS, or a number given by the structure after its own (prefixes 1, 3, 4, 5, 6).
_PERSON = re.compile(r"8[0-9]{11}|0[0-9A-F]{9}|[13456][0-9A-Z]{9,14}/.+")


@rule(
    "DMP-023",
    Level.SHALL,
    Authority.DEDUITE,
    f"{P4D}, StructIdNat ; exemples de VIHF de l'ANS",
    title="Identifiant_Structure est 1 et le FINESS, ou 3 et le SIRET… : celui de la structure du certificat.",
    on=WITH_VIHF & On(lambda e: bool(dig(e.context, "vihf", "structure"))),
)
def structure_is_the_certificates(exchange: Exchange) -> Iterator[Finding]:
    """Technical numbers have no prefix: only the prefixes of the national identifiers are judged by their form."""
    at, seen = "VIHF, attribut Identifiant_Structure", text(vihf(exchange).get("structure"))
    wrong = wrong_structure_id(seen)
    if seen[:1] in ("1", "2", "3") and wrong is not None and wrong.what == "shape":
        yield Finding(at, "1 suivi du FINESS (9 caractères), ou 3 suivi du SIRET (14 chiffres)", shown(seen))
        return
    named = text(dig(vihf(exchange), "signature", "certificate", "structure"))
    if vihf(exchange).get("mode") == "INDIRECTE" and named and named != seen:
        yield Finding(at, f"la structure du certificat de signature : {named}", shown(seen))
    elif vihf(exchange).get("tls_structure_matches") is False:
        yield Finding(at, "la structure du certificat client (OU)", shown(seen))


@rule(
    "DMP-024",
    Level.SHALL,
    Authority.DEDUITE,
    TRANS,
    title="Secteur_Activite est un code SAxx suivi de ^1.2.250.1.71.4.2.4.",
    on=WITH_VIHF & On(lambda e: bool(dig(e.context, "vihf", "sector"))),
)
def sector_is_coded(exchange: Exchange) -> Iterator[Finding]:
    """Which category a structure is of is not in the messages: only the form is judged."""
    seen = text(vihf(exchange).get("sector"))
    if not _SECTOR.fullmatch(seen):
        yield Finding("VIHF, attribut Secteur_Activite", "SAxx^1.2.250.1.71.4.2.4", shown(seen))


@rule(
    "DMP-026",
    Level.SHALL,
    Authority.DEDUITE,
    f"{HOMO} (EX_AIR-010)",
    title="Le mode AIR ne sert qu'à consulter : ni dépôt (TD2.1), ni modification (TD3.3).",
    on=_AIR,
)
def air_only_consults(exchange: Exchange) -> Iterator[Finding]:
    if SUBMISSIONS(exchange):
        seen = f"AIR, pour {'un dépôt' if DEPOSITS(exchange) else 'une modification'}"
        yield Finding("VIHF, attribut Authentification_Mode", "un autre mode que AIR", seen)


@rule(
    "DMP-027",
    Level.SHALL,
    Authority.DEDUITE,
    f"{HOMO} (EX_AIR-085)",
    title="En mode AIR, le VIHF nomme le professionnel connecté : jamais un automate ni une structure.",
    on=_AIR,
)
def air_names_a_person(exchange: Exchange) -> Iterator[Finding]:
    said = vihf(exchange)
    if not _PERSON.fullmatch(text(said.get("name_id"))):
        yield Finding("VIHF, Subject/NameID", "l'identifiant national du professionnel", shown(said.get("name_id")))
    for place, one in enumerate(listed(said.get("roles")), start=1):
        if code(one)[1] == _AUTOMATA:
            at = f"VIHF, attribut urn:oasis:names:tc:xacml:2.0:subject:role[{place}]"
            yield Finding(at, "la profession d'une personne", shown("^".join(code(one))))


@rule(
    "DMP-044",
    Level.SHALL,
    Authority.DEDUITE,
    f"{HOMO} (connexion secrète d'un mineur)",
    title="Sous connexion secrète, seuls partent des documents invisibles aux représentants légaux.",
    on=DEPOSITS & WITH_VIHF & On(lambda e: dig(e.context, "vihf", "secret") is True and any(True for _ in entries(e))),
)
def secret_documents_only(exchange: Exchange) -> Iterator[Finding]:
    for one in entries(exchange):
        if HIDDEN_FROM_REPRESENTATIVES not in {name for name, _ in codes(one)}:
            seen = ", ".join(name for name, _ in codes(one))
            yield Finding(one.at("confidentialityCode"), HIDDEN_FROM_REPRESENTATIVES, shown(seen))
