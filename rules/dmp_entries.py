"""DMP-033 to DMP-042: the metadata of each entry, next to its CDA."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Sequence

from rules.core import Authority, Examined, Finding, Level, rule
from rules.dmp import (
    DEPOSITS,
    HIDDEN_FROM_PATIENT,
    HIDDEN_FROM_REPRESENTATIVES,
    HOMO,
    IHE,
    MASKED,
    PARTAGE,
    TRANS,
    VISIBILITY_SYSTEM,
    WITH_CDA,
    WITH_ENTRIES,
    Document,
    code,
    codes,
    documents,
    entries,
    listed,
    mapping,
)
from rules.exchange import Exchange
from rules.reading import dig, shown, text
from rules.selectors import On, http

_CODED = {
    "class": "classCode",
    "type": "typeCode",
    "format": "formatCode",
    "facility": "healthcareFacilityTypeCode",
    "practice": "practiceSettingCode",
}
_PLAIN = {
    "unique_id": "uniqueId",
    "patient_id": "patientId",
    "title": "title",
    "mime_type": "mimeType",
    "language": "languageCode",
    "creation_time": "creationTime",
    "service_start_time": "serviceStartTime",
    "legal_authenticator": "legalAuthenticator",
    "source_patient_id": "sourcePatientId",
}
_TIMES = {
    "creation_time": "creationTime",
    "service_start_time": "serviceStartTime",
    "service_stop_time": "serviceStopTime",
}
_SAME = {"type": "typeCode", "title": "title", "unique_id": "uniqueId"}
_CLASSES = "1.2.250.1.213.1.1.4.1"
_CLASS_CODES = frozenset(("10", "11", "31", "42", "43", "44", "45", "52", "60", "90", "95", "99"))
_LEVELS = ("N", "R", "V")
_LEVEL_SYSTEM = "2.16.840.1.113883.5.25"
_VISIBILITIES = (MASKED, HIDDEN_FROM_PATIENT, HIDDEN_FROM_REPRESENTATIVES)
_PARAMETERS = http("dmp.param_lps.fichier")
_ALLOWED = 'nom="cumul-invisible_patient-masque_ps" valeur="true"'


@rule(
    "DMP-033",
    Level.SHALL,
    Authority.DEDUITE,
    f"{PARTAGE}, DocumentEntry",
    title="Chaque entrée porte ses métadonnées obligatoires ; son statut et son entrepôt sont donnés par le DMP.",
    on=DEPOSITS & WITH_ENTRIES,
)
def complete_entries(exchange: Exchange) -> Iterator[Finding]:
    for one in entries(exchange):
        for key, name in _PLAIN.items():
            if not text(one.entry.get(key)):
                yield Finding(one.at(name), "une valeur", "rien")
        for key, name in _CODED.items():
            if not all(code(one.entry.get(key))):
                yield Finding(one.at(name), "un code et son système (codingScheme)", shown(code(one.entry.get(key))[0]))
        for key, name in (("authors", "author"), ("confidentiality", "confidentialityCode")):
            if not listed(one.entry.get(key)):
                yield Finding(one.at(name), "une valeur au moins", "rien")
        for key in ("hash", "size"):
            if not text(dig(one.raw, "given", key)):
                yield Finding(one.at(key), "une valeur", "rien")
        for key, name in (("status", "availabilityStatus"), ("repository", "repositoryUniqueId")):
            if one.entry.get(key):
                yield Finding(one.at(name), "absent : le DMP le donne", shown(one.entry[key]))


def _differences(document: Document, kept: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    """Metadata that are not those of the CDA: name, value in the CDA, value of the entry."""
    for one in map(mapping, listed(document.raw.get("differences"))):
        name = kept.get(text(one.get("what")))
        if name is not None:
            yield name, shown(one.get("cda")), shown(one.get("xds"))


@rule(
    "DMP-034",
    Level.SHALL,
    Authority.OFFICIELLE,
    TRANS,
    title="typeCode, title et uniqueId d'une entrée sont le code, le titre et l'id de son CDA.",
    on=WITH_CDA,
)
def metadata_of_the_cda(exchange: Exchange) -> Iterator[Finding]:
    for one in documents(exchange):
        for name, in_cda, seen in _differences(one, _SAME):
            yield Finding(one.at(name), f"la valeur du CDA : {in_cda}", seen)


@rule(
    "DMP-035",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{TRANS} ; TRE_A03-ClasseDocument 1.1.0",
    title="classCode se déduit de typeCode (ASS_X04) : un code de TRE_A03, le même pour tout document du même type.",
    on=DEPOSITS & WITH_ENTRIES,
    over="scenario",
)
def class_goes_with_type(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """The table ASS_X04 of the DMP was not available: what its absence leaves to judge is inferred."""
    paired: dict[tuple[str, str], tuple[str, str]] = {}
    for e in exchanges:
        for one in entries(e):
            kind, group = code(one.entry.get("type")), code(one.entry.get("class"))
            other = paired.setdefault(kind, group)
            if group[1] != _CLASSES or group[0] not in _CLASS_CODES:
                expected, seen = f"un code de TRE_A03 ({_CLASSES})", shown("^".join(group))
                yield Finding(one.at("classCode"), expected, seen, exchange=e.id, authority=Authority.DEDUITE)
            elif other != group:
                expected = f"{other[0]}, comme pour le document précédent de type {kind[0]}"
                yield Finding(one.at("classCode"), expected, group[0], exchange=e.id, authority=Authority.DEDUITE)
            else:
                yield Examined(e.id)


@rule(
    "DMP-036",
    Level.SHALL,
    Authority.DEDUITE,
    f"{IHE}, DTM (vol. 3 §4.2.3.1.7)",
    title="creationTime et serviceStartTime sont les dates du CDA converties en temps universel.",
    on=WITH_CDA,
)
def times_are_utc(exchange: Exchange) -> Iterator[Finding]:
    for one in documents(exchange):
        for name, in_cda, seen in _differences(one, _TIMES):
            yield Finding(one.at(name), f"{in_cda} (date du CDA en temps universel)", seen)


@rule(
    "DMP-038",
    Level.SHALL,
    Authority.DEDUITE,
    f"{IHE}, hash (vol. 3 §4.2.3.2.10) ; {PARTAGE}",
    title="hash est le SHA-1 des octets du document, en hexadécimal ; size est leur nombre.",
    on=DEPOSITS
    & On(lambda e: any(dig(one.raw, "given", "hash") or dig(one.raw, "given", "size") for one in entries(e))),
)
def hash_and_size_are_those_of_the_bytes(exchange: Exchange) -> Iterator[Finding]:
    for one in entries(exchange):
        given, computed = text(dig(one.raw, "given", "hash")), text(one.raw.get("sha1"))
        if given and computed and given.lower() != computed:
            said = f"{shown(given)} (le SHA-1 en base64)" if _in_base64(given) == computed else shown(given)
            yield Finding(one.at("hash"), f"{computed} (SHA-1, en hexadécimal)", said)
        size = text(dig(one.raw, "given", "size"))
        if size and isinstance(one.raw.get("size"), int) and size != str(one.raw["size"]):
            yield Finding(one.at("size"), f"{one.raw['size']} (octets)", shown(size))


def _in_base64(value: str) -> str:
    try:
        return base64.b64decode(value, validate=True).hex()
    except (binascii.Error, ValueError):
        return ""


@rule(
    "DMP-039",
    Level.SHALL,
    Authority.OFFICIELLE,
    TRANS,
    title="Un CDA est de mimeType text/xml ; de niveau 1 avec un PDF, son formatCode est urn:ihe:iti:xds-sd:pdf:2008.",
    on=DEPOSITS & WITH_ENTRIES,
)
def media_type_and_format(exchange: Exchange) -> Iterator[Finding]:
    for one in entries(exchange):
        if one.entry.get("mime_type") not in ("text/xml", "application/xslt+xml"):
            yield Finding(one.at("mimeType"), "text/xml", shown(one.entry.get("mime_type")))
        pdf = dig(one.cda, "body", "kind") == "n1" and dig(one.cda, "body", "media_type") == "application/pdf"
        seen = code(one.entry.get("format"))[0]
        if pdf and seen != "urn:ihe:iti:xds-sd:pdf:2008":
            yield Finding(one.at("formatCode"), "urn:ihe:iti:xds-sd:pdf:2008", shown(seen))


@rule(
    "DMP-040",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{PARTAGE}, DocumentEntry ; CI-SIS, Structuration minimale",
    title="La langue est fr-FR, dans cette casse, dans l'entrée et dans le CDA.",
    on=DEPOSITS & WITH_ENTRIES,
)
def language_is_french(exchange: Exchange) -> Iterator[Finding]:
    for one in entries(exchange):
        if one.entry.get("language") != "fr-FR":
            yield Finding(one.at("languageCode"), "fr-FR", shown(one.entry.get("language")))
        if one.cda and one.cda.get("language") != "fr-FR":
            yield Finding(one.in_cda("languageCode/@code"), "fr-FR", shown(one.cda.get("language")))


@rule(
    "DMP-041",
    Level.SHALL,
    Authority.DEDUITE,
    f"{PARTAGE}, DocumentEntry (1..4)",
    title="confidentialityCode porte un niveau (N, R ou V) et, au plus, trois codes de visibilité.",
    on=WITH_ENTRIES,
)
def confidentiality_is_coded(exchange: Exchange) -> Iterator[Finding]:
    for one in entries(exchange):
        found, at = codes(one), one.at("confidentialityCode")
        levels = [name for name, system in found if name in _LEVELS and system == _LEVEL_SYSTEM]
        if len(levels) != 1:
            expected = f"un niveau, et un seul : N, R ou V ({_LEVEL_SYSTEM})"
            yield Finding(at, expected, shown(", ".join(levels)))
        for name, system in found:
            if name in _LEVELS and system == _LEVEL_SYSTEM:
                continue
            if name not in _VISIBILITIES or system != VISIBILITY_SYSTEM:
                expected = f"{', '.join(_VISIBILITIES)} ({VISIBILITY_SYSTEM})"
                yield Finding(at, expected, shown(f"{name} ({system})"))
        if len(found) > 4:
            yield Finding(at, "quatre codes au plus", str(len(found)))


@rule(
    "DMP-042",
    Level.SHALL,
    Authority.DEDUITE,
    f"{HOMO} (paramètre cumul-invisible_patient-masque_ps)",
    title="MASQUE_PS et INVISIBLE_PATIENT ne vont pas ensemble tant que le fichier de paramètres ne le permet pas.",
    on=WITH_ENTRIES | _PARAMETERS,
    over="scenario",
)
def hidden_from_one_at_a_time(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """One of the two codes is the occasion."""
    allowed = False
    for e in exchanges:
        if _PARAMETERS(e):
            allowed = _ALLOWED in e.answer_body
            continue
        for one in entries(e):
            names = {name for name, _ in codes(one)} & {MASKED, HIDDEN_FROM_PATIENT}
            if len(names) == 2 and not allowed:
                seen = f"{MASKED} et {HIDDEN_FROM_PATIENT}"
                yield Finding(one.at("confidentialityCode"), "un seul des deux codes", seen, exchange=e.id)
            elif names:
                yield Examined(e.id)
