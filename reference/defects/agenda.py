"""Defects of what is written in the agenda: the resource and its identifier.

Most faults of content are narrowed to the visits at home: a fault that MES refuses (422) would otherwise stop every
scenario that writes, and the proof that it trips one rule would be lost among forty failures.
"""

from __future__ import annotations

from reference.defects import changes
from reference.defects.kind import Defect
from reference.spoil import REMOVE, Spoil, outgoing, switch

SAS_OPERATOR = "http://interopsante.org/fhir/StructureDefinition/FrAppointmentOperator"


def _write() -> Spoil:
    return outgoing("POST PUT", "/fhir/Appointment", beside=changes.OTHER_AGENDAS)


def _home() -> Spoil:
    return _write().only_if(changes.at_home)


def _update() -> Spoil:
    return outgoing("PUT", "/fhir/Appointment", beside=changes.OTHER_AGENDAS)


INSTANTS = (
    Defect(
        "heure-locale-sans-decalage",
        ("AGD-009", "MES-60"),
        "Le produit envoie l'heure locale sans décalage horaire, pour les visites à domicile.",
        _home().json("start", changes.drop_offset).json("end", changes.drop_offset),
    ),
    Defect(
        "instant-sans-secondes",
        ("AGD-009", "MES-60"),
        "Le produit envoie un instant sans les secondes, pour les visites à domicile.",
        _home().json("start", changes.without_seconds).json("end", changes.without_seconds),
    ),
    Defect(
        "heure-locale-en-z",
        ("AGD-010",),
        "Le produit envoie l'heure locale en la disant UTC (Z), pour les visites à domicile.",
        _home().json("start", changes.local_as_z).json("end", changes.local_as_z),
    ),
    Defect(
        "decalage-fixe-hiver",
        ("AGD-010", "MES-60"),
        "Le produit écrit toujours le décalage d'hiver (+01:00), été compris.",
        _write()
        .only_if(changes.starts(".*[+]02:00"))
        .json("start", changes.local_with_offset(1))
        .json("end", changes.local_with_offset(1)),
    ),
    Defect(
        "decalage-fixe-ete",
        ("AGD-010",),
        "Le produit écrit toujours le décalage d'été (+02:00), hiver compris, pour les visites à domicile.",
        _home().json("start", changes.local_with_offset(2)).json("end", changes.local_with_offset(2)),
    ),
    Defect(
        "instant-decale-d-une-heure",
        ("AGD-010",),
        "Le produit décale l'instant d'une heure en le convertissant deux fois, pour les visites à domicile.",
        _home().json("start", changes.shifted(1)).json("end", changes.shifted(1)),
    ),
    Defect(
        "decalage-du-matin",
        ("AGD-010", "MES-60"),
        "Le jour d'un changement d'heure, le produit garde toute la journée le décalage du matin.",
        _write()
        .only_if(changes.starts(".*-(10-27|03-31)T.*[+]0[12]:00"))
        .json("start", changes.offset_of_midnight)
        .json("end", changes.offset_of_midnight),
    ),
    Defect(
        "29-fevrier-perdu",
        ("AGD-010", "MES-60"),
        "Un rendez-vous du 29 février est envoyé au 1er mars.",
        _write()
        .only_if(changes.starts(".*-02-29T"))
        .json("start", changes.leap_day_is_lost)
        .json("end", changes.leap_day_is_lost),
    ),
    Defect(
        "fuseau-ignore",
        ("AGD-010",),
        "L'heure saisie outre-mer est prise pour celle de Paris.",
        switch("fuseau_ignore"),
    ),
    Defect(
        "fin-absente",
        ("AGD-007",),
        "Le produit envoie un début sans fin, pour les visites à domicile.",
        _home().json("end", REMOVE),
    ),
    Defect(
        "fin-avant-debut",
        ("AGD-008",),
        "Le produit envoie une fin qui précède le début, pour les visites à domicile.",
        _home().and_then(changes.before_start),
    ),
    Defect(
        "duree-incoherente",
        ("AGD-008",),
        "La durée annoncée (minutesDuration) n'est pas celle de l'intervalle, pour les visites à domicile.",
        _home().json("minutesDuration", lambda minutes: (minutes or 0) + 15),
    ),
)

CONTENT = (
    Defect(
        "type-de-contenu-faux",
        ("AGD-001",),
        "Le produit déclare un type de contenu qui n'est pas du FHIR (text/plain), pour les visites à domicile.",
        _home().header("Content-Type", "text/plain; charset=utf-8"),
    ),
    Defect(
        "systeme-oid-nu",
        ("AGD-004",),
        "Le système de l'identifiant est un OID nu, sans urn:oid:, pour les visites à domicile.",
        _home().json("identifier.0.system", lambda system: str(system).removeprefix("urn:oid:")),
    ),
    Defect(
        "identifiant-absent",
        ("AGD-003", "MES-56"),
        "Le produit crée le rendez-vous sans identifiant, pour les visites à domicile.",
        _home().json("identifier", REMOVE),
    ),
    Defect(
        "identifiant-change",
        ("AGD-003", "MES-56"),
        "Le produit donne un nouvel identifiant à chaque modification.",
        switch("identifiant_change"),
        {
            "AGD-021": "l'événement d'origine ne reçoit pas l'étape",
            "MES-58": "l'événement d'origine reste confirmé",
            "MES-57": "l'événement est créé une seconde fois",
        },
    ),
    Defect(
        "requete-et-corps-differents",
        ("AGD-005",),
        "L'identifiant de l'adresse n'est pas celui du corps.",
        _update().query(changes.another_value),
        {"AGD-039": "le nouvel essai crée un second événement", "MES-57": "l'événement est créé une seconde fois"},
    ),
    Defect(
        "demande-envoyee-confirmee",
        ("AGD-006",),
        "Une simple demande est envoyée à l'état confirmé (booked).",
        _write().only_if(changes.has_status("proposed")).json("status", "booked"),
        {"AGD-024": "les participants n'ont pas encore répondu"},
    ),
    Defect(
        "date-de-saisie-absente",
        ("AGD-011",),
        "Le produit ne dit pas quand le rendez-vous a été pris (created), pour les visites à domicile.",
        _home().json("created", REMOVE),
    ),
    Defect(
        "participant-sans-statut",
        ("AGD-012",),
        "Un participant n'a pas de statut, pour les visites à domicile.",
        _home().json("participant.0.status", REMOVE),
    ),
    Defect(
        "statut-de-participant-inconnu",
        ("AGD-012",),
        "Le statut d'un participant n'est pas un code de FHIR, pour les visites à domicile.",
        _home().json("participant.0.status", "confirmed"),
    ),
    Defect(
        "professionnel-sans-personne",
        ("AGD-013",),
        "Le professionnel est désigné par sa seule situation d'exercice, sans la personne.",
        _write().only_if(changes.with_professional).and_then(changes.roles_without_person),
    ),
    Defect(
        "demandeur-absent",
        ("AGD-014",),
        "Le produit ne dit pas qui demande (appointmentOperator), pour les visites à domicile.",
        _home().json("extension", REMOVE),
    ),
    Defect(
        "demandeur-en-adresse-sas",
        ("AGD-015",),
        "L'extension du demandeur porte l'adresse de l'ancien guide, celle de SAS, pour les visites à domicile.",
        _home().json("extension.0.url", SAS_OPERATOR),
    ),
    Defect(
        "demande-sans-acteur",
        ("AGD-016",),
        "Une demande directe ne désigne aucun des acteurs sollicités.",
        _write().only_if(changes.has_status("proposed")).and_then(changes.without_actors),
        {"MES-61": "le nom de l'établissement n'est plus donné"},
    ),
    Defect(
        "ins-dans-l-intitule",
        ("AGD-017",),
        "Le matricule INS est écrit dans l'intitulé du rendez-vous, pour les visites à domicile.",
        _home().and_then(changes.ins_in_text),
    ),
    Defect(
        "motif-d-annulation-hors-annulation",
        ("AGD-019",),
        "Un motif d'annulation est donné pour un rendez-vous confirmé, pour les visites à domicile.",
        _home().and_then(changes.cancellation_reason),
    ),
    Defect(
        "statut-en-majuscules",
        ("AGD-022",),
        "Le statut est écrit en majuscules (BOOKED), pour les visites à domicile.",
        _home().json("status", str.upper),
        {"AGD-006": "le statut n'est plus lu comme celui d'un rendez-vous pris"},
    ),
    Defect(
        "statut-no-show",
        ("AGD-022",),
        "L'absence est écrite no-show, qui n'est pas un code de FHIR.",
        _write().only_if(changes.has_status("noshow")).json("status", "no-show"),
        {"AGD-023": "cet état n'a pas de place dans la vie d'un rendez-vous"},
    ),
    Defect(
        "confirme-sans-reponse",
        ("AGD-024",),
        "Le rendez-vous est confirmé alors qu'un participant requis n'a pas répondu, pour les visites à domicile.",
        _home().json("participant", changes.nobody_answers),
    ),
    Defect(
        "specialite-inconnue",
        ("AGD-030",),
        "La spécialité n'est pas un code de la TRE_R38, pour les visites à domicile.",
        _home().json("specialty", [{"coding": [{"system": "urn:oid:1.2.250.1.999.10.1.9", "code": "GENERALISTE"}]}]),
    ),
    Defect(
        "sans-nom-de-professionnel-ni-d-etablissement",
        ("MES-61",),
        "L'événement ne nomme ni professionnel ni établissement, pour les visites à domicile.",
        _home().and_then(changes.only_patient),
        {"AGD-012": "il ne reste qu'un participant"},
    ),
    Defect(
        "professionnel-anonyme",
        (),
        "Le professionnel est transmis sans son nom.",
        _write().only_if(changes.with_professional).and_then(changes.nameless_professional),
    ),
    Defect(
        "intitule-sans-accents",
        (),
        "L'intitulé est envoyé sans ses accents.",
        _write().json("description", changes.without_accents),
    ),
    Defect(
        "identifiant-non-annonce",
        (),
        "Le produit ne dit pas sous quel identifiant il envoie le rendez-vous.",
        switch("identifiant_non_annonce"),
    ),
    Defect(
        "sante-seulement",
        (),
        "Seuls les rendez-vous de santé sont envoyés.",
        switch("sante_seulement"),
    ),
    Defect(
        "etablissement-dit-professionnel",
        ("MES-61",),
        "L'établissement, avec son FINESS, est déclaré comme un professionnel, pour les visites à domicile.",
        _home().and_then(changes.finess_as_practitioner),
        {"AGD-013": "ce professionnel n'a pas de situation d'exercice"},
    ),
    Defect(
        "ins-comme-patient",
        ("MES-18",),
        "La personne est désignée par son INS dans le rendez-vous, pour les visites à domicile.",
        _home().and_then(changes.ins_as_patient),
        {"MES-15": "l'identifiant demandé n'est pas celui du jeton"},
    ),
    Defect(
        "nom-comme-patient",
        ("MES-18",),
        "La personne est désignée par son nom dans le rendez-vous, pour les visites à domicile.",
        _home().and_then(changes.name_as_patient),
    ),
    Defect(
        "patient-d-un-autre",
        ("AGD-018",),
        "Deux dossiers sont confondus : le rendez-vous part dans l'agenda d'un autre usager.",
        switch("patient_d_un_autre"),
    ),
    Defect(
        "evenement-au-representant",
        ("MES-63",),
        "Le rendez-vous de l'enfant part au nom de son représentant légal.",
        switch("evenement_au_representant"),
        {"AGD-018": "le patient n'est pas la bonne personne"},
    ),
)

DEFECTS = INSTANTS + CONTENT
