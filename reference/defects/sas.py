"""Defects of what the SAS platform is shown: slots, practitioners, structures, and how its searches are answered.

Faults of content that every scenario would meet are narrowed, to the visits at home for instance.
"""

from __future__ import annotations

from reference.defects import sas_changes as changes
from reference.defects.kind import Defect
from reference.spoil import REMOVE, Answering, Spoil, answering, switch


def _slots() -> Spoil:
    return answering("GET", "/sas/fhir/Slot")


def _bundles(path: str = "/Slot") -> Spoil:
    return answering("GET", f"/sas/fhir{path}").only_if(changes.at_least(1, "Slot"))


def _of_communities(answer: Answering) -> bool:
    return "service-type-reference" in answer.query and changes.at_least(1, "Slot")(answer)


def _of_practitioners(answer: Answering) -> bool:
    return "service-type-reference" not in answer.query and changes.at_least(1, "Slot")(answer)


SLOTS = (
    Defect(
        "sas-creneaux-pris-montres",
        ("AGD-070", "AGD-077"),
        "Les créneaux déjà pris sont rendus à la plateforme du SAS avec les libres.",
        switch("sas_pris_montres"),
    ),
    Defect(
        "sas-creneaux-commences-montres",
        ("AGD-070",),
        "Les créneaux commencés depuis moins d'une heure sont rendus à la plateforme du SAS.",
        switch("sas_commences_montres"),
    ),
    Defect(
        "sas-fenetre-ignoree",
        ("AGD-070", "AGD-077"),
        "Tous les créneaux à venir sont rendus, quelle que soit la fenêtre cherchée.",
        switch("sas_fenetre_ignoree"),
    ),
    Defect(
        "sas-fin-absente",
        ("AGD-070",),
        "Le créneau est rendu sans sa fin, pour les visites à domicile.",
        _slots().only_if(changes.at_home).json("entry.*.resource.end", REMOVE),
    ),
    Defect(
        "sas-decalage-du-matin",
        (),
        "Le jour d'un changement d'heure, le produit garde toute la journée le décalage du matin.",
        _slots().only_if(changes.at_least(3, "Slot")).and_then(changes.of_slots(changes.morning_offset)),
    ),
    Defect(
        "sas-fuseau-ignore",
        (),
        "L'heure d'un cabinet d'outre-mer est prise pour celle de Paris.",
        _bundles().and_then(changes.of_slots(changes.as_in_paris)),
    ),
    Defect(
        "sas-tous-publics-confondus",
        ("AGD-072",),
        "Tout créneau est dit ouvert au public.",
        _slots().only_if(_of_practitioners).and_then(changes.of_slots(changes.for_everybody)),
    ),
    Defect(
        "sas-patientele-montree",
        ("AGD-072",),
        "Les créneaux réservés à la patientèle sont rendus à la plateforme du SAS.",
        switch("sas_patientele_montree"),
    ),
    Defect(
        "sas-toujours-au-cabinet",
        (),
        "Toute consultation est dite au cabinet.",
        _bundles().and_then(changes.of_slots(changes.always_at_the_office)),
    ),
    Defect(
        "sas-sans-rendez-vous-dit-reservable",
        (),
        "Une consultation sans rendez-vous est dite réservable.",
        _bundles().and_then(changes.of_slots(changes.bookable)),
    ),
    Defect(
        "sas-adresse-absente",
        ("AGD-074",),
        "Le créneau ne dit pas où le prendre.",
        _bundles().and_then(changes.of_slots(lambda slot: slot.pop("comment", None))),
    ),
    Defect(
        "sas-origin-refuse",
        ("AGD-074",),
        "L'adresse du créneau ne s'ouvre plus quand elle porte le paramètre origin.",
        switch("sas_origin_refuse"),
    ),
)

OWNERS = (
    Defect(
        "sas-praticien-sans-prefixe",
        ("AGD-071",),
        "Le praticien est rendu sous son numéro sans préfixe.",
        _bundles().and_then(changes.of_those("Practitioner", changes.without_prefix)),
    ),
    Defect(
        "sas-structure-sans-prefixe",
        ("AGD-071",),
        "Le cabinet est rendu sous son numéro sans préfixe.",
        _bundles().and_then(changes.of_those("PractitionerRole", changes.structure_without_prefix)),
    ),
    Defect(
        "sas-association-sans-prefixe",
        ("AGD-071",),
        "L'association est rendue sous son SIRET sans préfixe.",
        _bundles("/Schedule").and_then(changes.of_those("Organization", changes.without_prefix)),
    ),
    Defect(
        "sas-numero-cherche-tel-quel",
        (),
        "Le praticien n'est trouvé que si son numéro est cherché sous la forme où le produit le garde.",
        switch("sas_numero_tel_quel"),
    ),
    Defect(
        "sas-lieu-hors-de-l-exercice",
        ("AGD-073",),
        "Le lieu est une entrée de la réponse au lieu d'être contenu dans l'exercice du praticien.",
        _bundles().and_then(changes.place_outside),
    ),
    Defect(
        "sas-agenda-sans-exercice",
        ("AGD-073",),
        "L'agenda désigne le praticien sans son exercice, pour les visites à domicile.",
        _slots().only_if(changes.at_home).and_then(changes.of_those("Schedule", changes.without_role)),
    ),
    Defect(
        "sas-un-agenda-pour-deux-lieux",
        (),
        "Les créneaux de deux lieux sont rendus dans le même agenda.",
        _slots().only_if(changes.in_two_places).and_then(changes.one_agenda),
    ),
    Defect(
        "sas-telephone-national",
        ("AGD-075",),
        "Le téléphone est rendu sans l'indicatif du pays.",
        _bundles().and_then(changes.of_those("PractitionerRole", changes.national_telephone)),
    ),
    Defect(
        "sas-telephone-vide",
        ("AGD-075",),
        "Un téléphone vide est rendu quand il n'y en a pas.",
        _slots().only_if(_of_practitioners).and_then(changes.of_those("PractitionerRole", changes.empty_telephone)),
    ),
)

STRUCTURES = (
    Defect(
        "sas-premiere-cpts-seule",
        ("AGD-076",),
        "D'un créneau partagé par plusieurs CPTS, la première seule est rendue.",
        _slots().only_if(_of_communities).and_then(changes.first_community_only),
    ),
    Defect(
        "sas-cpts-melangees",
        ("AGD-076",),
        "Chaque créneau est dit ouvert aux CPTS de tous.",
        _slots().only_if(_of_communities).and_then(changes.communities_mixed),
    ),
    Defect(
        "sas-cpts-de-trop",
        ("AGD-076",),
        "Un créneau qu'aucune CPTS n'ouvre en nomme une.",
        _slots().only_if(_of_communities).and_then(changes.unasked_community),
    ),
    Defect(
        "sas-cpts-dans-la-recherche-ordinaire",
        ("AGD-072",),
        "Les créneaux ouverts aux seules CPTS sont rendus à la recherche ordinaire.",
        switch("sas_cpts_partout"),
        {"AGD-075": "meta.security est vide : aucun des publics du créneau n'est de cette recherche"},
    ),
    Defect(
        "sas-centre-sans-lieu",
        (),
        "Les centres de l'association sont rendus sans leur lieu.",
        _bundles("/Schedule").and_then(changes.drop("Location")),
    ),
)

ANSWERS = (
    Defect(
        "sas-reponse-trop-lente",
        ("AGD-067",),
        "Une recherche de vingt-cinq praticiens demande plus de temps que la plateforme n'en laisse.",
        _slots().only_if(changes.as_many_as_may_be).and_then(changes.too_long),
    ),
    Defect(
        "sas-vingt-cinq-refuses",
        ("AGD-068",),
        "Une recherche de vingt-cinq praticiens est refusée.",
        _slots().only_if(changes.as_many_as_may_be).and_then(changes.refused(400)),
    ),
    Defect(
        "sas-un-inconnu-efface-tout",
        ("AGD-068",),
        "Un praticien inconnu parmi ceux qui sont cherchés efface toute la réponse.",
        _slots().only_if(changes.among_unknown).and_then(changes.emptied),
    ),
    Defect(
        "sas-moitie-des-praticiens",
        (),
        "Quand deux praticiens sont trouvés, la première moitié seule de la réponse est rendue.",
        _slots().only_if(changes.at_least(2, "Practitioner")).and_then(changes.cut_in_half),
        also={"AGD-073": "la coupe sépare un agenda de son exercice"},
    ),
    Defect(
        "sas-rien-trouve-en-404",
        ("AGD-069",),
        "Une recherche sans résultat est refusée (404).",
        _slots().only_if(changes.found_nothing).and_then(changes.refused(404)),
    ),
    Defect(
        "sas-rien-trouve-en-404-pour-un-centre",
        ("AGD-069",),
        "Une recherche de centres sans résultat est refusée (404).",
        answering("GET", "/sas/fhir/Schedule").only_if(changes.found_nothing).and_then(changes.refused(404)),
    ),
    Defect(
        "sas-temps-universel-mal-lu",
        (),
        "Une fenêtre écrite en temps universel ne trouve rien.",
        _slots().only_if(changes.asked_with(r"start=ge[^&]+Z")).and_then(changes.emptied),
    ),
    Defect(
        "sas-millisecondes-exigees",
        ("AGD-068",),
        "Une fenêtre écrite sans millisecondes est refusée.",
        _slots().only_if(changes.asked_with(r"start=ge[^&.]+&")).and_then(changes.refused(400)),
    ),
    Defect(
        "sas-plus-lu-comme-une-espace",
        (),
        "Une fenêtre dont le « + » n'est pas encodé est refusée.",
        _slots().only_if(changes.asked_with(r"start=ge[^&]+[+]")).and_then(changes.refused(400)),
    ),
    Defect(
        "sas-bornes-exclues",
        (),
        "Un créneau qui commence à la borne de la fenêtre n'est pas rendu.",
        _slots().only_if(changes.asked_with(r"start=ge([^&]+)&start=le\1(&|$)")).and_then(changes.emptied),
    ),
    Defect(
        "sas-count-refuse",
        ("AGD-068",),
        "Une recherche qui porte _count est refusée.",
        _slots().only_if(changes.asked_with("_count=")).and_then(changes.refused(400)),
    ),
    Defect(
        "sas-borne-illisible-acceptee",
        (),
        "Une borne illisible donne une réponse vide au lieu d'un refus.",
        _slots().only_if(lambda answer: answer.status == 400).and_then(changes.emptied),
    ),
    Defect(
        "sas-ancien-type-de-media-refuse",
        ("AGD-068",),
        "Le type de média que le guide imprime (application/json+fhir) est refusé.",
        switch("sas_ancien_type_refuse"),
    ),
    Defect(
        "sas-une-recherche-a-la-fois",
        (),
        "Une recherche qui arrive pendant une autre est refusée.",
        _bundles().and_then(changes.one_by_one),
    ),
    Defect(
        "sas-capacites-absentes",
        (),
        "Le produit ne dit pas ce qu'il offre à la plateforme.",
        answering("GET", "/sas/fhir/metadata").and_then(changes.refused(404)),
    ),
)

CALLERS = (
    Defect(
        "sas-client-non-verifie",
        ("AGD-078",),
        "Le produit ne demande à personne de certificat.",
        switch("sas_client_non_verifie"),
        {"SEC-19": "le certificat révoqué n'est pas regardé non plus"},
        sockets=True,
    ),
    Defect(
        "sas-certificat-non-exige",
        ("AGD-078",),
        "Le produit vérifie le certificat de qui en montre un, et sert qui n'en montre pas.",
        switch("sas_certificat_non_exige"),
        sockets=True,
    ),
    Defect(
        "sas-nom-non-verifie",
        ("AGD-078",),
        "Le produit ne regarde pas le CN du client.",
        switch("sas_cn_non_verifie"),
        sockets=True,
    ),
    Defect(
        "sas-unite-non-verifiee",
        ("AGD-078",),
        "Le produit ne regarde pas l'OU du client.",
        switch("sas_ou_non_verifie"),
        sockets=True,
    ),
    Defect(
        "sas-revocation-non-verifiee",
        ("AGD-078", "SEC-19"),
        "Le produit sert un client dont le certificat est révoqué.",
        switch("sas_revocation_non_verifiee"),
        sockets=True,
    ),
    Defect(
        "sas-tls-ancien",
        ("AGD-078",),
        "Le produit accepte encore TLS 1.0 et 1.1.",
        switch("sas_tls_ancien"),
        sockets=True,
    ),
    Defect(
        "sas-tls-1-2-refuse",
        (),
        "Le produit ne sert la plateforme qu'en TLS 1.3.",
        switch("sas_tls_1_2_refuse"),
        sockets=True,
    ),
)

DEFECTS = SLOTS + OWNERS + STRUCTURES + ANSWERS + CALLERS
