"""Defects of what goes with each call to the DMP: the assertion (VIHF), the envelope, the lot, the queries.

Each is narrowed to one transaction, most to the changes of documents (TD3.3) or to their reading (TD3.2): what the DMP
refuses would otherwise stop every scenario, and the proof that it trips one rule would be lost among them.
"""

from __future__ import annotations

from reference.defects import dmp_changes, dmp_pieces
from reference.defects.kind import Defect
from reference.spoil import REMOVE, Spoil, written

_XSPA = "urn:oasis:names:tc:xspa:1.0:subject:"
_FIRST = "14d4debf-8f97-4251-9a74-a90016b0af0d"
_BATCH = "bab9529a-4a10-40b3-a01f-f68a615d247a"


def _vihf(transaction: str = "") -> Spoil:
    return written("VIHF", transaction)


ASSERTION = (
    Defect(
        "vihf-sans-secteur",
        ("DMP-016",),
        "Pour modifier un document, le VIHF ne dit pas le secteur d'activité de la structure.",
        _vihf("TD3.3").and_then(dmp_pieces.attribute("Secteur_Activite", REMOVE)),
    ),
    Defect(
        "vihf-casse-d-attribut",
        ("DMP-016",),
        "Pour modifier un document, l'attribut Authentification_Mode s'écrit Authentification_mode.",
        _vihf("TD3.3").and_then(dmp_pieces.attribute_name("Authentification_Mode", "Authentification_mode")),
    ),
    Defect(
        "vihf-change-apres-signature",
        ("DMP-017",),
        "Pour archiver un document, le VIHF est complété après avoir été signé.",
        dmp_changes.registry().only_if(dmp_pieces.archives).xml("NameID", lambda text: f"{text} "),
    ),
    Defect(
        "vihf-non-signe",
        ("DMP-017",),
        "Pour archiver un document, le VIHF n'est pas signé.",
        dmp_changes.registry().only_if(dmp_pieces.archives).xml("Signature", REMOVE),
    ),
    Defect(
        "vihf-emetteur-autre",
        ("DMP-019",),
        "Pour lire un document, l'émetteur du VIHF est le nom du logiciel, et non le sujet du certificat de signature.",
        _vihf("TD3.2").xml("Issuer", "CN=DUI DE REFERENCE"),
    ),
    Defect(
        "vihf-format-d-emetteur",
        ("DMP-019",),
        "Pour lire un document, le format de l'émetteur du VIHF est celui de la table imprimée (nameidformat).",
        _vihf("TD3.2").xml("Issuer/@Format", "urn:oasis:names:tc:SAML:1.1:nameidformat:X509SubjectName"),
    ),
    Defect(
        "vihf-heure-locale",
        ("DMP-020",),
        "Pour lire un document, l'instant d'émission du VIHF est écrit avec un décalage horaire au lieu de Z.",
        _vihf("TD3.2").and_then(dmp_pieces.root_attribute("IssueInstant", lambda text: text.replace("Z", "+00:00"))),
    ),
    Defect(
        "vihf-avec-audience",
        ("DMP-021",),
        "Pour lire un document, le VIHF porte une restriction d'audience.",
        _vihf("TD3.2").and_then(dmp_pieces.audience),
    ),
    Defect(
        "vihf-second-role-inutile",
        ("DMP-022",),
        "Pour lire un document, le VIHF d'un infirmier porte un second rôle.",
        _vihf("TD3.2").only_if(dmp_pieces.one_role).and_then(dmp_pieces.second_role),
    ),
    Defect(
        "vihf-role-hors-liste",
        ("DMP-022",),
        "Pour lire un document, la profession du VIHF est un code propre au produit.",
        _vihf("TD3.2").and_then(dmp_pieces.role_code),
    ),
    Defect(
        "vihf-finess-prefixe-3",
        ("DMP-023",),
        "Pour modifier un document, Identifiant_Structure porte devant le FINESS le préfixe 3, celui des personnes.",
        _vihf("TD3.3").and_then(dmp_pieces.attribute("Identifiant_Structure", dmp_pieces.prefix_3)),
    ),
    Defect(
        "vihf-structure-d-un-autre",
        ("DMP-023",),
        "Pour modifier un document, Identifiant_Structure n'est pas la structure du certificat de signature.",
        _vihf("TD3.3").and_then(dmp_pieces.attribute("Identifiant_Structure", "1990000028")),
    ),
    Defect(
        "vihf-secteur-nu",
        ("DMP-024",),
        "Pour lire un document, Secteur_Activite est un code seul, sans son système.",
        _vihf("TD3.2").and_then(dmp_pieces.attribute("Secteur_Activite", "SA16")),
    ),
    Defect(
        "vihf-autre-version",
        ("DMP-025",),
        "La version que dit le VIHF n'est pas celle que montre la page « À propos ».",
        _vihf("TD0.2").and_then(dmp_pieces.attribute("LPS_Version", "0.0.9")),
    ),
    Defect(
        "vihf-air-pour-modifier",
        ("DMP-026",),
        "Pour modifier un document, le produit s'authentifie en mode AIR.",
        _vihf("TD3.3").and_then(dmp_pieces.attribute("Authentification_Mode", "AIR")),
    ),
    Defect(
        "vihf-air-sans-personne",
        ("DMP-027",),
        "En mode AIR, le VIHF d'une lecture nomme la structure, et non le professionnel connecté.",
        _vihf("TD3.2")
        .and_then(dmp_pieces.attribute("Authentification_Mode", "AIR"))
        .xml("Subject/NameID", "1009000019"),
    ),
    Defect(
        "connexion-secrete-sans-cacher",
        ("DMP-044",),
        "Les dépôts se font en connexion secrète, sans que les documents soient cachés aux représentants légaux.",
        _vihf("TD2.1").and_then(dmp_pieces.secret),
    ),
    Defect(
        "bris-de-glace-non-dit",
        ("DMP-065",),
        "En bris de glace, le VIHF dit l'accès normal.",
        _vihf().only_if(dmp_pieces.in_emergency).and_then(dmp_pieces.purpose_normal),
    ),
    Defect(
        "vihf-nss-pour-ins",
        ("DMP-003", "DMP-004"),
        "Pour modifier un document, l'INS du VIHF est donné sous l'OID du NSS.",
        _vihf("TD3.3").and_then(
            dmp_pieces.attribute(dmp_pieces.RESOURCE_ID, lambda cx: cx.replace("213.1.4.10", "213.1.4.13"))
        ),
    ),
    Defect(
        "vihf-cle-ins-fausse",
        ("DMP-001", "DMP-004"),
        "Pour modifier un document, la clé du matricule INS du VIHF est fausse.",
        _vihf("TD3.3").and_then(dmp_pieces.attribute(dmp_pieces.RESOURCE_ID, dmp_pieces.wrong_key)),
    ),
)

MESSAGES = (
    Defect(
        "soap-identifiant-constant",
        ("DMP-029",),
        "Toutes les modifications de documents portent le même MessageID.",
        dmp_changes.registry()
        .only_if(dmp_pieces.updates)
        .xml("MessageID", "urn:uuid:00000000-0000-4000-8000-000000000002"),
    ),
    Defect(
        "soap-1-1",
        ("DMP-029",),
        "Pour archiver un document, le message est en SOAP 1.1.",
        dmp_changes.registry().only_if(dmp_pieces.archives).and_then(dmp_pieces.soap_11),
    ),
    Defect(
        "action-http-autre",
        ("DMP-030",),
        "Pour modifier un document, l'action du type de média n'est pas celle du message.",
        dmp_changes.registry()
        .only_if(dmp_pieces.updates)
        .header("Content-Type", 'application/soap+xml; charset=utf-8; action="urn:dui:envoi"'),
    ),
    Defect(
        "action-d-une-autre-transaction",
        ("DMP-030",),
        "Pour archiver un document, l'action annoncée est celle d'une recherche.",
        dmp_changes.registry()
        .only_if(dmp_pieces.archives)
        .xml("Header/Action", "urn:ihe:iti:2007:RegistryStoredQuery")
        .header("Content-Type", "application/soap+xml; charset=utf-8"),
    ),
    Defect(
        "lot-heure-locale",
        ("DMP-031",),
        "La date d'envoi d'une synthèse est à l'heure de Paris, et non en temps universel.",
        dmp_changes.deposit()
        .only_if(dmp_changes.of_type("SYNTH"))
        .and_then(dmp_pieces.slot("submissionTime", dmp_changes.local_time, where=dmp_pieces.lots)),
    ),
    Defect(
        "lot-sans-source",
        ("DMP-031",),
        "Le lot qui archive un document n'a pas de sourceId.",
        dmp_changes.registry()
        .only_if(dmp_pieces.archives)
        .and_then(dmp_pieces.external("lot source", REMOVE, where=dmp_pieces.lots)),
    ),
    Defect(
        "lot-d-un-autre-patient",
        ("DMP-004",),
        "Le lot qui archive un document désigne une autre personne.",
        dmp_changes.registry()
        .only_if(dmp_pieces.archives)
        .and_then(dmp_pieces.external("lot patient", dmp_pieces.somebody_else, where=dmp_pieces.lots)),
    ),
    Defect(
        "premiere-recherche-sans-limite",
        ("DMP-054",),
        "La première recherche automatique remonte à dix ans.",
        dmp_changes.registry()
        .only_if(dmp_pieces.asks(_FIRST))
        .and_then(dmp_pieces.parameter("XDSDocumentEntryServiceStartTimeFrom", dmp_pieces.years_before(8))),
    ),
    Defect(
        "recherche-suivante-heure-locale",
        ("DMP-055",),
        "La recherche suivante part de la date de la précédente à l'heure de Paris, et non en temps universel.",
        dmp_changes.registry().and_then(
            dmp_pieces.parameter("XDSSubmissionSetSubmissionTimeFrom", dmp_changes.local_time)
        ),
    ),
    Defect(
        "recherche-par-gros-lots",
        ("DMP-056",),
        "Les documents nouveaux sont demandés tous à la fois.",
        dmp_changes.registry()
        .only_if(dmp_pieces.asks(_BATCH))
        .and_then(dmp_pieces.repeated("XDSDocumentEntryEntryUUID", 21)),
    ),
)

DEFECTS = (*ASSERTION, *MESSAGES)
