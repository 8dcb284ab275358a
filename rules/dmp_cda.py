"""DMP-048, DMP-049: the header of the CDA."""

from __future__ import annotations

from collections.abc import Iterator

from rules.core import Authority, Finding, Level, rule
from rules.dmp import CDA_HEADER, WITH_CDA, documents, texts
from rules.exchange import Exchange
from rules.reading import dig, objects, shown

_PATIENT = "recordTarget/patientRole"
# What the header lacks, by code of the journal: place, expected, and the authority when it is not the schematron.
_HEADER: dict[str, tuple[str, str, Authority | None]] = {
    "realm-code": ("realmCode/@code", "FR, une seule fois", None),
    "type-id": ("typeId", "2.16.840.1.113883.1.3, POCD_HD000040", None),
    "modeles": ("templateId", "trois au moins, dont 2.16.840.1.113883.2.8.2.1 et 1.2.250.1.213.1.1.1.1", None),
    "id": ("id/@root", "une valeur", None),
    "code": ("code", "code, codeSystem et displayName", None),
    "titre": ("title", "un titre", None),
    "date": ("effectiveTime/@value", "date et heure, à la seconde, avec le décalage", Authority.DEDUITE),
    "confidentialite": ("confidentialityCode/@code", "N, R ou V", Authority.DEDUITE),
    "patient-unique": ("recordTarget", "un, et un seul", None),
    "responsable-unique": ("legalAuthenticator", "un, et un seul", None),
    "acte": ("documentationOf", "un au moins", None),
    "prise-en-charge": ("componentOf", "un, et un seul", None),
    "document-remplace-unique": ("relatedDocument", "un au plus", None),
    "patient-id": (f"{_PATIENT}/id", "un identifiant, sans nullFlavor", None),
    "patient-nom": (f"{_PATIENT}/patient/name", "un nom, et un seul", None),
    "patient-naissance": (f"{_PATIENT}/patient/birthTime", "la date de naissance", Authority.DEDUITE),
    "corps": ("component", "nonXMLBody ou structuredBody", Authority.DEDUITE),
    "set-id": ("setId", "une valeur", Authority.DEDUITE),
    "version": ("versionNumber/@value", "un nombre", Authority.DEDUITE),
    "contenu-actif": ("component", "ni script ni lien externe", Authority.DEDUITE),
}
_QUALIFIERS = ("BR", "CL")


@rule(
    "DMP-048",
    Level.SHALL,
    Authority.OFFICIELLE,
    CDA_HEADER,
    title="L'en-tête du CDA suit la structuration minimale : modèles, patient, responsable, acte, prise en charge.",
    on=WITH_CDA,
)
def header_is_complete(exchange: Exchange) -> Iterator[Finding]:
    """What the schematron does not test (form of the date, level, setId, versionNumber, body) is inferred."""
    for one in documents(exchange):
        for lacking in texts(one.raw.get("structure")):
            if lacking in _HEADER:
                path, expected, weight = _HEADER[lacking]
                yield Finding(one.in_cda(path), expected, "absent, ou autre", authority=weight)


@rule(
    "DMP-049",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{CDA_HEADER}, recordTarget et noms",
    title="Le CDA ne dit ni origine ethnique ni religion, et chaque nom de famille du patient est qualifié BR ou CL.",
    on=WITH_CDA,
)
def names_are_qualified(exchange: Exchange) -> Iterator[Finding]:
    """Names of professionals need no qualifier."""
    for one in documents(exchange):
        if texts(dig(one.cda, "patient", "forbidden")):
            seen = ", ".join(texts(dig(one.cda, "patient", "forbidden")))
            yield Finding(one.in_cda(f"{_PATIENT}/patient"), "ni origine ethnique, ni religion", shown(seen))
        for _, name in objects(dig(one.cda, "patient", "families")):
            if name.get("qualifier") not in _QUALIFIERS:
                at = one.in_cda(f"{_PATIENT}/patient/name/family/@qualifier")
                yield Finding(at, "BR (nom de naissance) ou CL (nom utilisé)", shown(name.get("qualifier")))
