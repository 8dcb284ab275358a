"""What Pro Santé Connect says of a professional (claims of ANS samples, sheet SEC §2.4). Absent values are empty."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from mocks.call import Call
from mocks.oidc import Subject
from mocks.world import professionals
from mocks.world.professionals import Practice, Professional

PROFESSIONS = "1.2.250.1.213.1.1.5.5"  # TRE_G15
SECTORS = "1.2.250.1.71.4.2.4"
LEVELS = "1.2.250.1.213.1.5.1.1.1"
_REALM = uuid.uuid5(uuid.NAMESPACE_URL, "https://banc.test/psc/esante-wallet")
_BLANK_ACTIVITY = (
    "codeSectionPharmacien", "codeRole", "numeroSirenSite", "numeroFinessetablissementJuridique",
    "identifiantTechniqueDeLaStructure", "enseigneCommercialeSite", "complementDestinataire",
    "complementPointGeographique", "numeroVoie", "indiceRepetitionVoie", "codeTypeDeVoie", "libelleVoie",
    "mentionDistribution", "bureauCedex", "codePostal", "codeCommune", "codePays", "telephone", "telephone2",
    "telecopie", "adresseEMail", "codeDepartement", "ancienIdentifiantDeLaStructure", "autoriteDenregistrement",
)  # fmt: skip


def national_id(call: Call, person: str) -> str:
    """The SubjectNameID of a professional."""
    return _professional(call, person).national_id


def subject(call: Call, person: str, _client_id: str) -> str:
    """The `sub`: `f:<uuid>:<national id>`, the same for every client."""
    return f"f:{_REALM}:{national_id(call, person)}"


def identity(call: Call, subject_: Subject) -> Mapping[str, Any]:
    """Claims of the id_token and of introspection."""
    who = _professional(call, subject_.person)
    return {"SubjectNameID": who.national_id, "preferred_username": who.national_id, **_names(who)}


def userinfo(call: Call, subject_: Subject) -> Mapping[str, Any]:
    """Claims of UserInfo; without the scope `scope_all`, only who it is."""
    who = _professional(call, subject_.person)
    whose = {"SubjectNameID": who.national_id, "preferred_username": who.national_id, **_names(who)}
    if "scope_all" not in subject_.scopes:
        return whose
    first = who.practices[0].activities[0]
    return {
        **whose,
        "email_verified": False,
        "SubjectRole": [f"{who.profession}^{PROFESSIONS}"] if who.profession else [],
        "SubjectOrganization": first["raison_sociale"],
        "Secteur_Activite": f"{first['secteur']}^{SECTORS}",
        "Palier_Authentification": f"APPPRIP3^{LEVELS}",
        "Mode_Acces_Raison": "",
        "Acces_Regulation_Medicale": "FAUX",
        "UITVersion": "1.0",
        "SubjectRefPro": {
            "codeCivilite": "",
            "exercices": [_practice(who, practice) for practice in who.practices],
        },
    }


def witness(said: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the journal keeps of a UserInfo answer: number of activities over all exercices."""
    practices = said.get("SubjectRefPro", {}).get("exercices", [])
    return {"situations": sum(len(practice["activities"]) for practice in practices)}


def without_practice(said: dict[str, Any]) -> dict[str, Any]:
    """Fault `sans_exercice`: somebody whom the directory knows without any practice."""
    reference = {**said.get("SubjectRefPro", {}), "exercices": []}
    return {**said, "SubjectRole": [], "SubjectOrganization": "", "Secteur_Activite": "", "SubjectRefPro": reference}


def without_finess(said: dict[str, Any]) -> dict[str, Any]:
    """Fault `finess_vide`: places that have no FINESS number."""
    reference = said.get("SubjectRefPro", {})
    practices = [
        {**practice, "activities": [{**place, "numeroFinessSite": ""} for place in practice["activities"]]}
        for practice in reference.get("exercices", [])
    ]
    return {**said, "SubjectRefPro": {**reference, "exercices": practices}}


def _names(who: Professional) -> dict[str, str]:
    return {"given_name": who.given, "family_name": who.family, "name": f"{who.given} {who.family}"}


def _practice(who: Professional, practice: Practice) -> dict[str, Any]:
    return {
        "codeProfession": practice.profession,
        "codeCategorieProfessionnelle": "C" if practice.profession else "",
        "codeCiviliteDexercice": "",
        "nomDexercice": who.family,
        "prenomDexercice": who.given,
        "codeTypeSavoirFaire": "",
        "codeSavoirFaire": "",
        "activities": [_activity(place) for place in practice.activities],
    }


def _activity(place: Mapping[str, str]) -> dict[str, str]:
    return {
        **dict.fromkeys(_BLANK_ACTIVITY, ""),
        "codeModeExercice": "S",
        "codeSecteurDactivite": place["secteur"],
        "codeGenreActivite": "GENR01",
        "numeroSiretSite": place["siret"],
        "numeroFinessSite": place["finess"],
        "raisonSocialeSite": place["raison_sociale"],
    }


def _professional(call: Call, person: str) -> Professional:
    return professionals.by_id(call.session, call.tenant.name, person)
