"""Defects of shared agendas: what is published, changed, looked for, booked, shown."""

from __future__ import annotations

from typing import Any

from reference.defects.changes import only
from reference.defects.kind import Defect
from reference.spoil import REMOVE, Outgoing, Spoil, outgoing, switch

_AVAILABILITY = "fr-core-schedule-availability-time"


def _publishes() -> Spoil:
    return outgoing("POST PUT", "/gap/fhir/Schedule")


def _asks() -> Spoil:
    return outgoing("POST", "/gap/fhir/Appointment")


def _changes() -> Spoil:
    return outgoing("PUT", "/gap/fhir/Appointment")


def _searches() -> Spoil:
    return outgoing("GET", "/gap/fhir/Slot").only_if(lambda request: "status=" in request.query)


def _parts(request: Outgoing) -> list[Any]:
    return [e for e in request.json["extension"] if e["url"].endswith(_AVAILABILITY)]


def _without(*names: str) -> Any:
    """Availabilities lose these parts."""

    def change(request: Outgoing) -> None:
        for extension in _parts(request):
            extension["extension"] = [part for part in extension["extension"] if part["url"] not in names]

    return change


def _recurs(request: Outgoing) -> bool:
    return any(part["url"] == "rrule" for extension in _parts(request) for part in extension["extension"])


def _away(request: Outgoing) -> bool:
    return len(_parts(request)) > 1 and "busy-unavailable" in str(request.json)


def _alone(request: Outgoing) -> bool:
    return len(_parts(request)) == 1 and not _recurs(request)


def _as_free(request: Outgoing) -> None:
    for extension in _parts(request):
        extension["extension"][0]["valueCoding"]["code"] = "free"


def _in_universal_time(request: Outgoing) -> None:
    """Each time of the wall is labelled as universal."""
    for extension in _parts(request):
        for part in extension["extension"]:
            if part["url"] in ("start", "end"):
                part["valueDateTime"] = part["valueDateTime"][:19] + "Z"


def _frequency_without_system(request: Outgoing) -> None:
    for extension in _parts(request):
        for part in extension["extension"]:
            for rule in part.get("extension", []):
                if rule["url"] == "freq":
                    rule["valueCoding"].pop("system")


def _with_service_type(request: Outgoing) -> None:
    request.json["serviceType"] = [{"text": "Rendez-vous"}]


def _persons_alone(actors: Any) -> Any:
    return [actor for actor in actors if not actor["reference"].startswith("PractitionerRole/")]


def _is_booked(request: Outgoing) -> bool:
    return bool(request.json["status"] == "booked")


def _is_proposed(request: Outgoing) -> bool:
    return bool(request.json["status"] == "proposed")


def _has_outcome(request: Outgoing) -> bool:
    return request.json["status"] in ("fulfilled", "noshow", "entered-in-error")


DEFECTS = (
    Defect(
        "gap-service-hors-extension",
        ("AGD-025",),
        "L'agenda publié porte un serviceType, que FR Core interdit, quand une disponibilité revient.",
        _publishes().only_if(_recurs).and_then(_with_service_type),
    ),
    Defect(
        "gap-disponibilite-sans-identifiant",
        ("AGD-026",),
        "Les disponibilités publiées n'ont pas d'identifiant, quand l'une d'elles est une absence.",
        _publishes().only_if(_away).and_then(_without("identifier")),
    ),
    Defect(
        "gap-frequence-sans-systeme",
        ("AGD-027",),
        "La fréquence d'une récurrence ne dit pas son système.",
        _publishes().only_if(_recurs).and_then(_frequency_without_system),
    ),
    Defect(
        "gap-recurrence-perdue",
        (),
        "Une disponibilité qui revient n'est publiée qu'une fois.",
        _publishes().only_if(_recurs).and_then(_without("rrule")),
    ),
    Defect(
        "gap-absence-publiee-libre",
        (),
        "Une absence est publiée comme un temps libre.",
        _publishes().only_if(_away).and_then(_as_free),
    ),
    Defect(
        "gap-heure-locale-en-temps-universel",
        (),
        "Les heures locales des disponibilités sont publiées comme du temps universel.",
        _publishes().only_if(_alone).and_then(_in_universal_time),
    ),
    Defect(
        "gap-agenda-sans-role",
        ("AGD-013",),
        "L'agenda publié ne désigne que la personne, sans son rôle.",
        _publishes().json("actor", _persons_alone),
    ),
    Defect(
        "gap-role-sans-personne",
        ("AGD-013",),
        "Le rôle déclaré n'est pas lié à la personne.",
        outgoing("POST", "/gap/fhir/PractitionerRole").json("practitioner", REMOVE),
    ),
    Defect(
        "gap-disponibilite-renommee",
        ("AGD-028",),
        "Une disponibilité changée prend un autre identifiant.",
        switch("disponibilite_renommee"),
    ),
    Defect(
        "gap-changement-non-publie",
        (),
        "Une disponibilité change dans le produit sans être publiée.",
        switch("changement_non_publie"),
    ),
    Defect(
        "gap-retrait-emporte-les-autres",
        ("AGD-028",),
        "Retirer une disponibilité emporte celles qui la précèdent.",
        switch("retrait_emporte_les_autres"),
    ),
    Defect(
        "gap-sans-repli-sur-put",
        ("AGD-029",),
        "Quand PATCH est refusé, le changement est abandonné.",
        switch("sans_repli_sur_put"),
    ),
    Defect(
        "gap-agenda-double-apres-coupure",
        (),
        "Quand la réponse se perd, l'agenda est créé une seconde fois.",
        switch("agenda_double_apres_coupure"),
    ),
    Defect(
        "gap-agenda-non-ferme",
        (),
        "L'agenda que le professionnel ferme reste publié.",
        switch("agenda_non_ferme"),
    ),
    Defect(
        "gap-creneaux-sans-debut",
        ("AGD-031",),
        "La recherche de créneaux n'a pas de borne de début.",
        _searches().query(only("start=ge")),
    ),
    Defect(
        "gap-creneaux-de-tout-etat",
        ("AGD-031",),
        "La recherche de créneaux ne se limite pas aux créneaux libres, et les montre tous.",
        _searches().query(only("status=")),
    ),
    Defect(
        "gap-creneaux-premiere-page",
        ("AGD-033",),
        "Seule la première page d'une recherche est lue.",
        switch("creneaux_premiere_page"),
    ),
    Defect(
        "gap-inclus-pris-pour-creneaux",
        ("AGD-034",),
        "Ce que la recherche apporte en plus est montré parmi les créneaux.",
        switch("inclus_pris_pour_creneaux"),
    ),
    Defect(
        "gap-creneau-non-nomme",
        ("AGD-016",),
        "La demande ne désigne pas le créneau choisi.",
        switch("creneau_non_nomme"),
    ),
    Defect(
        "gap-demande-deja-confirmee",
        ("AGD-006",),
        "Une demande part comme un rendez-vous pris.",
        _asks().only_if(_is_proposed).json("status", "booked"),
        also={
            "AGD-023": "la suite de la vie du rendez-vous part d'un état que le gestionnaire n'a pas",
            "AGD-024": "le rendez-vous part confirmé sans l'accord du professionnel",
        },
    ),
    Defect(
        "gap-pris-comme-une-demande",
        ("AGD-006",),
        "Un rendez-vous pris part comme une demande.",
        _asks().only_if(_is_booked).json("status", "proposed"),
        also={"AGD-023": "l'issue est envoyée d'un rendez-vous que le gestionnaire croit seulement demandé"},
    ),
    Defect(
        "gap-creneau-refuse-montre-pris",
        ("AGD-040",),
        "Le créneau refusé parce qu'un autre l'a pris est montré comme obtenu.",
        switch("creneau_refuse_montre_pris"),
    ),
    Defect(
        "gap-aucun-autre-creneau",
        ("AGD-040",),
        "Quand un créneau vient d'être pris, le produit n'en propose pas d'autre.",
        switch("aucun_autre_creneau"),
    ),
    Defect(
        "gap-ancien-creneau-garde",
        (),
        "Un rendez-vous reporté garde son ancien créneau.",
        switch("ancien_creneau_garde"),
    ),
    Defect(
        "gap-changement-par-post",
        ("AGD-002",),
        "Un changement part comme un nouveau rendez-vous.",
        switch("changement_partage_par_post"),
    ),
    Defect(
        "gap-annule-par-delete",
        ("AGD-020",),
        "L'annulation supprime le rendez-vous.",
        switch("rendez_vous_partage_supprime"),
    ),
    Defect(
        "gap-annulation-tue",
        ("AGD-021",),
        "L'annulation n'est pas envoyée.",
        switch("annulation_partagee_tue"),
    ),
    Defect(
        "gap-issue-sans-effet",
        ("AGD-021",),
        "L'issue d'un rendez-vous part sans son état.",
        _changes().only_if(_has_outcome).json("status", "booked"),
    ),
    Defect(
        "gap-reessai-sous-un-autre-identifiant",
        ("AGD-039",),
        "Quand la réponse se perd, le rendez-vous repart sous un autre identifiant.",
        switch("reessai_partage_nouveau"),
    ),
    Defect(
        "gap-ecrit-sans-relire",
        ("AGD-041",),
        "Un rendez-vous changé entre-temps est écrit de nouveau sans être relu.",
        switch("rendez_vous_partage_ecrit_sans_relire"),
    ),
    Defect(
        "gap-etat-inconnu-cache-l-agenda",
        (),
        "Un code inconnu empêche de montrer son agenda au professionnel.",
        switch("agenda_code_inconnu_casse"),
    ),
    Defect(
        "gap-heure-montree-telle-quelle",
        ("AGD-044",),
        "Les heures de l'agenda partagé sont montrées dans le fuseau où elles sont écrites.",
        switch("agenda_heure_telle_quelle"),
    ),
    Defect(
        "gap-delai-ignore",
        ("AGD-042",),
        "Le produit n'attend pas le délai que le gestionnaire demande.",
        switch("agenda_retry_after_ignore"),
    ),
)
