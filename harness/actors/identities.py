"""Identities of usagers in the DUI: what INSi says of them, what the product makes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from harness.actors import insi_calls
from harness.actors.person import Person
from harness.expectations import expect, expect_equal, expect_none
from rules.traits import first_names, plain

if TYPE_CHECKING:
    from harness.product import Outcome
    from harness.scene import Scene

REAL_NIR_OID = "1.2.250.1.213.1.4.8"
TRIES = 40  # persons made before one has the name that is wanted
USED_NAME = "Çelik"
OTHER = {
    "nom_naissance": "Autrenom",
    "prenoms": ["Autreprenom"],
    "date_naissance": "1931-05-17",
    "lieu_naissance": "99999",
    "nom_utilise": "Nomchange",
    "prenom_utilise": "Prenomchange",
}


# -- who is known, and how


def known(scene: Scene, person: Person, **told: Any) -> Person:
    """Declare a person to the product, with the five traits and without INS; the person."""
    scene.require("insi")
    scene.usager(person, without=("ins",), **told)
    return person


def accented(scene: Scene) -> Person:
    """A fresh person whose family name has an accent among its first letters, and nothing but letters."""
    made = (scene.person() for _ in range(TRIES))
    return next(one for one in made if _plainly_accented(one.family_name))


def _plainly_accented(name: str) -> bool:
    bare = plain(name)
    return len(name) >= 4 and name.isalpha() and len(bare) == len(name) and bare[:4] != name[:4].upper()


def qualified(scene: Scene, **birth: Any) -> Person:
    """A person whose identity the product holds for qualified: retrieved from INSi, and proven."""
    person = known(scene, scene.person(**birth))
    done(insi_calls.retrieve(scene, person))
    done(scene.product.act("enregistrer_justificatif", usager=person, type="passeport"))
    has_status(scene, person, "qualifiee")
    return person


def account(scene: Scene, *rights: str) -> str:
    """A professional's account with these rights; its id in the product."""
    scene.require("insi")
    made = scene.product.act("declarer_professionnel", nom="Martin", prenom="Camille", droits=list(rights))
    return str(made["professionnel"])


def done(answer: Outcome) -> None:
    """The product did what it was asked."""
    expect(not answer.refused, f"l'action « {answer.action} » acceptée", answer.message)


def try_to_create(scene: Scene, person: Person, *, without: Sequence[str] = ("ins",), **told: Any) -> Outcome:
    """Create the file of a person, with something particular; the product may refuse."""
    scene.require("insi")
    return scene.product.try_to_declare(person, without=without, **told)


def modify(scene: Scene, person: Person, trait: str, **by: Any) -> Outcome:
    """Change one trait of an identity. by: `par`."""
    other: Any = {"F": "M", "M": "F"}[person.sex] if trait == "sexe" else OTHER[trait]
    return scene.product.act("modifier_identite", usager=person, traits={trait: other}, **by)


# -- INSi


# -- what the product shows


def shown(scene: Scene, person: Person, **by: Any) -> Outcome:
    """The identity as the product shows it. by: `par`."""
    return scene.product.act("lire_identite", usager=person, **by)


def has_status(scene: Scene, person: Person, status: str) -> None:
    """The identity has this status."""
    expect_equal("le statut de l'identité", status, shown(scene, person)["statut"])


def is_not_qualified(identity: Outcome) -> None:
    """The identity has any other status."""
    expect(identity["statut"] != "qualifiee", "une identité qui n'est pas qualifiée", identity["statut"])


def without_ins(identity: Outcome) -> None:
    """Neither matricule nor OID."""
    seen = {key: identity[key] for key in ("matricule", "oid") if identity.get(key)}
    expect(not seen, "ni matricule ni OID", seen)


def without_matricule(identity: Outcome) -> None:
    """No matricule is shown, or nothing at all."""
    expect(not identity.get("matricule"), "aucun matricule", identity.get("matricule"))


def provisional(identity: Outcome) -> None:
    """Provisional, without INS."""
    expect_equal("le statut de l'identité", "provisoire", identity["statut"])
    without_ins(identity)


def retrieved(scene: Scene, person: Person) -> None:
    """Retrieved, with the matricule and the OID that INSi gives, and no older one."""
    identity, national = shown(scene, person), scene.insi.identity_of(person)
    expect_equal("le statut de l'identité", "recuperee", identity["statut"])
    for key, name in (("matricule", "le matricule"), ("oid", "l'OID du matricule")):
        expect_equal(name, national[key], identity.get(key))


def retrieved_as_confirmed(scene: Scene, person: Person, asked: Outcome) -> None:
    """Retrieved, with the traits that INSi gave and that somebody confirmed."""
    identity, wanted = shown(scene, person), asked["a_confirmer"]
    expect_equal("le statut de l'identité", "recuperee", identity["statut"])
    for key in ("nom_naissance", "date_naissance", "sexe"):
        if key in wanted:
            expect_equal(f"le trait {key}", plain(wanted[key]), plain(identity["traits"].get(key)))


def keeps_traits(scene: Scene, person: Person) -> None:
    """The file says of the person what was declared."""
    traits = shown(scene, person)["traits"]
    expect_equal("le nom de naissance", plain(person.family_name), plain(traits.get("nom_naissance")))
    expect_equal("le premier prénom", first_names(list(person.given_names))[0], first_names(traits.get("prenoms"))[0])
    expect(traits.get("nom_utilise") != OTHER["nom_utilise"], "le nom utilisé d'avant", traits.get("nom_utilise"))


def on_worklist(identity: Outcome) -> None:
    """Somebody is asked to deal with this identity."""
    expect(bool(identity.get("liste_de_travail")), "l'identité sur la liste de travail", dict(identity))


def dated_history(identity: Outcome) -> None:
    """Two changes of status or more, each with a date and an author, up to the status of today."""
    history: Sequence[Mapping[str, Any]] = identity.get("historique", [])
    expect(len(history) >= 2, "deux changements de statut ou plus", history)
    bare = [one for one in history if not one.get("date") or not one.get("auteur")]
    expect_none("changements sans date ou sans auteur", bare)
    statuses = [one["statut"] for one in history]
    expect(identity["statut"] in statuses, f"« {identity['statut']} » dans l'historique", statuses)


# -- traces


# -- identities that come from elsewhere


def receive(scene: Scene, person: Person, status: str, *, document: str = "", **traits: Any) -> Outcome:
    """Another domain sends this identity with its INS. document: title of what comes with it."""
    told = {
        "nom_naissance": person.family_name,
        "prenoms": list(person.given_names),
        "premier_prenom": person.given_names[0],
        "sexe": person.sex,
        "date_naissance": person.birth_date.isoformat(),
        "lieu_naissance": person.birth_place,
        **traits,
    }
    national = scene.insi.identity_of(person)
    more = {"document": document} if document else {}
    return scene.product.act(
        "recevoir_identite",
        origine="Autre établissement",
        statut=status,
        matricule=national["matricule"],
        oid=national["oid"],
        traits=told,
        **more,
    )


def received(scene: Scene, answer: Outcome) -> Outcome:
    """The identity that the product made of what it received."""
    return scene.product.act("lire_identite", usager=str(answer["usager"]))


# -- searches


def search(scene: Scene, **by: Any) -> Outcome:
    """Search by `matricule`, or by `date_naissance` and `debut`."""
    return scene.product.act("rechercher_identite", **by)


def finds(scene: Scene, answer: Outcome, person: Person) -> None:
    """The file of this person is among those found."""
    expect(scene.usager(person) in answer["usagers"], "le dossier de l'usager", answer["usagers"])


def finds_only(scene: Scene, answer: Outcome, person: Person) -> None:
    """The file of this person, and no other."""
    expect_equal("les dossiers trouvés", [scene.usager(person)], answer["usagers"])


def finds_none(answer: Outcome) -> None:
    """The search is refused, or finds nothing."""
    expect(answer.refused or not answer["usagers"], "aucun dossier, ou une recherche refusée", dict(answer))


def spoilt_matricule(scene: Scene, person: Person, spoil: str) -> str:
    """The same, spoilt: `sans_cle`, `cle_fausse` or `tronque`."""
    matricule = insi_calls.matricule_of(scene, person)
    wrong_key = int(matricule[13:]) % 97 + 1
    spoilt = {"sans_cle": matricule[:13], "cle_fausse": f"{matricule[:13]}{wrong_key:02d}", "tronque": matricule[:10]}
    return spoilt[spoil]


def search_by_name(scene: Scene, person: Person, writing: str) -> Outcome:
    """Search by birth date and first letters: `naissance`, `sans_accent`, `minuscules`, or `utilise` (used name)."""
    name = person.family_name
    written = {
        "naissance": name,
        "sans_accent": plain(name),
        "minuscules": name.lower(),
        "utilise": USED_NAME,
    }
    return search(scene, date_naissance=person.birth_date.isoformat(), debut=written[writing][:4])
