"""Tables of rules/dmp_consent.py and rules/dmp_shown.py: actions, and what the product sends and shows."""

from typing import Any

from tests.rules.cases import Case
from tests.rules.dmp import deposit, found, leaf, query, refused, retrieve, td02
from tests.rules.dmp_facts import APPROVED, ARCHIVED, CX, DEPRECATED, STRUCTURE, UUID, coded, hidden
from tests.rules.journal import Entry, action, began

ENTRY = "entrée Document01"
EMERGENCY = coded("bris_de_glace", "1.2.250.1.213.1.1.4.248")
ACCEPTS = action("noter_choix_dmp", usager="u1", alimentation="accepte")
REFUSES = action("noter_choix_dmp", usager="u1", alimentation="refuse")
VALID = action("valider_document", {"etat": "valide"}, document="d1")
IMPORTED = action("importer_document", {"document": "d9"}, usager="u1", unique_id="2.25.101")
ABOUT = action("lire_a_propos", {"nom": "DUI d'essai", "version": "1.0"}, person=None)
TRACE = {"transaction": "TD0.2", "instant": "x", "auteur": "Alice Martin", "structure": STRUCTURE}
DATED = {
    "XDSDocumentEntryPatientId": [CX],
    "XDSDocumentEntryStatus": [APPROVED],
    "XDSDocumentEntryServiceStartTimeFrom": ["20221021000000"],
}
TYPED = {**DATED, "XDSDocumentEntryTypeCode": ["80788-3^^2.16.840.1.113883.6.1"]}


def wrote(kind: str = "ppa", day: str = "2026-01-10") -> Entry:
    return action("ecrire_document", {"document": "d1"}, usager="u1", type=kind, date_acte=day)


def sent(after: int, envoi: str = "depose", message: str = "", **params: Any) -> Entry:
    """The action that deposits d1, which began after an exchange."""
    more = {"message": message} if message else {}
    return began(action("deposer_document", {"envoi": envoi, **more}, document="d1", **params), after)


def searched(after: int, *documents: Any, types: Any = (), status: int = 200, **params: Any) -> Entry:
    result = {"documents": list(documents), "filtre": {"types": list(types)}, **params.pop("result", {})}
    return began(action("rechercher_documents", result, status, usager="u1", **params), after)


def shown(*etats: str) -> dict[str, Any]:
    return {"unique_id": "2.25.101", "titre": "Projet", "etats": list(etats)}


def opened(after: int, **result: Any) -> Entry:
    params = {"motif_acces": result.pop("motif")} if "motif" in result else {}
    made = action("ouvrir_document", {"titre": "Projet", **result}, usager="u1", unique_id="2.25.101", **params)
    return began(made, after)


def listed(*names: str) -> Entry:
    return action(
        "lire_documents", {"documents": [{"unique_id": name, "origine": "dmp"} for name in names]}, usager="u1"
    )


def traced(*traces: Any) -> Entry:
    return action("lire_traces_dmp", {"appels": list(traces)}, usager="u1")


HIDDEN = retrieve(retrieve__returned__0__confidentiality=["N", "INVISIBLE_PATIENT"])
FAILED = refused(deposit(), "XDSRegistryMetadataError")
PARTIAL = query(response_status="PartialSuccess")

CASES = [
    Case(
        "DMP-013",
        accepted=[[ACCEPTS, deposit()], [REFUSES], [deposit(), REFUSES]],
        refused=[([REFUSES, deposit()], ["2 dépôt"]), ([ACCEPTS, deposit(), REFUSES, deposit()], ["4 dépôt"])],
        silent=[[deposit()], [action("noter_choix_dmp", usager="u1", consultation="refuse"), deposit()]],
    ),
    Case(
        "DMP-037",
        accepted=[
            [wrote(), deposit(), sent(1)],
            [wrote(), deposit(entry__service_start_time="20260109230000"), sent(1)],
            [wrote(), deposit(entry__service_start_time="20260110"), sent(1)],
            [wrote(day="2026-01-10T09:00"), deposit(), sent(1)],
            [wrote(day="2026-01-10T09:00"), deposit(entry__service_start_time="20260109230000"), sent(1)],
        ],
        refused=[
            ([wrote(), deposit(entry__service_start_time="20260115091500"), sent(1)], [f"2 {ENTRY}, serviceStartTime"]),
            ([wrote(day="2026-01-10T08:00"), deposit(), sent(1)], [f"2 {ENTRY}, serviceStartTime"]),
        ],
        silent=[[deposit()], [wrote(day=""), deposit(), sent(1)], [wrote(), deposit(), VALID]],
    ),
    Case(
        "DMP-043",
        accepted=[[deposit(entry__confidentiality=hidden("MASQUE_PS")), sent(0, cache_a=["professionnels"])]],
        refused=[([deposit(), sent(0, cache_a=["patient"])], [f"1 {ENTRY}, confidentialityCode"])],
        silent=[[deposit(), sent(0)], [deposit()]],
    ),
    Case(
        "DMP-069",
        accepted=[[wrote(), deposit(), sent(1)]],
        refused=[
            (
                [wrote(), deposit(entry__type=coded("SYNTH", "1.2.250.1.213.1.1.4.12")), sent(1)],
                [f"2 {ENTRY}, typeCode"],
            )
        ],
        silent=[[wrote("synthese"), deposit(), sent(1)], [deposit()]],
    ),
    Case(
        "DMP-070",
        accepted=[[wrote(), VALID, deposit(), sent(2)]],
        refused=[([wrote(), deposit(), sent(1)], [f"2 {ENTRY}, uniqueId"])],
        silent=[[deposit(), sent(0)], [wrote(), VALID]],
    ),
    Case(
        "DMP-071",
        accepted=[[IMPORTED, action("modifier_document", status=422, document="d9", texte="x")]],
        refused=[([IMPORTED, action("modifier_document", document="d9", texte="x")], ["2 modifier_document"])],
        silent=[[IMPORTED], [action("modifier_document", document="d9", texte="x")]],
    ),
    Case(
        "DMP-025",
        accepted=[[ABOUT, td02()], [td02(), ABOUT]],
        refused=[
            ([ABOUT, td02(vihf__attributes__LPS_Version=["2.0"])], ["2 VIHF, attribut LPS_Version"]),
            ([td02(vihf__attributes__LPS_Nom=["DUI"]), ABOUT], ["1 VIHF, attribut LPS_Nom"]),
        ],
        silent=[[td02()], [ABOUT]],
    ),
    Case(
        "DMP-028",
        accepted=[[td02(), traced(TRACE)], [td02(), traced(TRACE, TRACE)]],
        refused=[
            ([td02(), deposit(), traced(TRACE)], ["3 lire_traces_dmp.appels"]),
            ([td02(), traced({**TRACE, "auteur": ""})], ["2 lire_traces_dmp.appels"]),
        ],
        silent=[[td02()], [traced()]],
    ),
    Case(
        "DMP-054",
        accepted=[[query(parameters=DATED), searched(0)]],
        refused=[
            ([query(), searched(0)], ["1 $XDSDocumentEntryServiceStartTimeFrom"]),
            (
                [query(parameters={**DATED, "XDSDocumentEntryServiceStartTimeFrom": ["2019"]}), searched(0)],
                ["1 $XDSDocumentEntryServiceStartTimeFrom"],
            ),
            (
                [query(parameters={**DATED, "XDSDocumentEntryStatus": [APPROVED, DEPRECATED]}), searched(0)],
                ["1 $XDSDocumentEntryStatus"],
            ),
        ],
        silent=[[query()], [query(), searched(0, mode="manuelle")]],
    ),
    Case(
        "DMP-057",
        accepted=[
            [query(parameters=TYPED), searched(0, types=["80788-3"])],
            [query(parameters=DATED), began(action("rechercher_documents", types=[{"code": "x"}]), 0)],
        ],
        refused=[([query(parameters=TYPED), searched(0)], ["2 rechercher_documents.filtre"])],
        silent=[[query(parameters=DATED), searched(0)], [query(parameters=TYPED)]],
    ),
    Case(
        "DMP-058",
        accepted=[
            [query(answer=found(leaf(UUID, "2.25.101", "MASQUE_PS"))), searched(0, shown("masque"))],
            [
                query(answer=found(leaf(status=ARCHIVED), leaf("urn:uuid:e0", status=DEPRECATED))),
                searched(0, shown("archive")),
            ],
        ],
        refused=[
            (
                [query(answer=found(leaf(UUID, "2.25.101", "INVISIBLE_PATIENT"))), searched(0, shown())],
                ["2 rechercher_documents.documents[0].etats"],
            )
        ],
        silent=[[query(answer=found(leaf())), searched(0, shown())], [query(answer="<a"), searched(0, shown())]],
    ),
    Case(
        "DMP-059",
        accepted=[[HIDDEN, opened(0, alerte="Non visible par l'usager.")]],
        refused=[([HIDDEN, opened(0)], ["2 ouvrir_document.alerte"])],
        silent=[[retrieve(), opened(0)], [HIDDEN]],
    ),
    Case(
        "DMP-060",
        accepted=[[listed("2.25.101", "2.25.102")]],
        refused=[([listed("2.25.101", "2.25.101")], ["1 lire_documents.documents"])],
        silent=[[listed()], [query()]],
    ),
    Case(
        "DMP-065",
        accepted=[[retrieve(vihf__purpose=EMERGENCY), opened(0, motif="bris_de_glace", bandeau="Bris de glace")]],
        refused=[
            (
                [retrieve(), opened(0, motif="bris_de_glace", bandeau="Bris de glace")],
                ["1 VIHF, attribut purposeofuse"],
            ),
            ([retrieve(vihf__purpose=EMERGENCY), opened(0, motif="bris_de_glace")], ["2 ouvrir_document.bandeau"]),
            ([query(), searched(0, status=422, motif_acces="bris_de_glace")], ["1 VIHF, attribut purposeofuse"]),
        ],
        silent=[[retrieve(), opened(0)]],
    ),
    Case(
        "DMP-068",
        accepted=[
            [FAILED, sent(0, "refuse", "Le DMP refuse.")],
            [PARTIAL, searched(0, result={"message": "Liste incomplète."})],
            [refused(deposit(), "XDSDuplicateUniqueIdInRegistry"), sent(0)],
        ],
        refused=[
            ([FAILED, sent(0)], ["2 deposer_document.envoi"]),
            ([FAILED, sent(0, "refuse")], ["2 deposer_document.envoi"]),
            ([PARTIAL, searched(0)], ["2 rechercher_documents.message"]),
        ],
        silent=[[deposit(), sent(0)], [FAILED], [FAILED, began(action("deposer_document", {}, 422), 0)]],
    ),
]
