"""INS-11 to INS-15, INS-17, INS-22: the life of an identity in the product."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rules.core import Authority, Examined, Finding, Level, rule
from rules.exchange import Exchange
from rules.insi import (
    ASKS_INSI,
    CHANGES,
    CONFIRMS,
    DECLARES,
    MARKS,
    PROVES,
    READS,
    RETRIEVES,
    VERIFIES,
    WITH_INS,
    calls_of,
    came_with_ins,
    code_of,
    individual,
    local_traits,
    status_before,
    status_of,
    usager_of,
)
from rules.insi_answers import GUIDE, unfit
from rules.reading import dig, objects, shown, text
from rules.selectors import DONE, On, action
from rules.traits import STRICT, differences

_OF_IDENTITY = On(lambda e: e.protocol == "action" and e.status == 200)
_BLOCKING = ("douteuse", "fictive")
# Proofs of high confidence for everybody; what the others are worth is a setting of the product (R19).
_STRONG = ("passeport", "carte_identite", "titre_sejour")
_STATUSES = {
    (False, False): "provisoire",
    (True, False): "validee",
    (False, True): "recuperee",
    (True, True): "qualifiee",
}


@dataclass
class _Life:
    """What is known of an identity: checked with a proof, taken from INSi. sure: whether all of it is known."""

    proof: bool = False
    insi: bool = False
    sure: bool = True

    def after(self, e: Exchange, exchanges: Sequence[Exchange]) -> None:
        """Take one action into account. An answer 00 counts when its data may be stored, or when it was stored."""
        if PROVES(e):
            self.proof = True
            self.sure = self.sure and e.resource.get("type") in _STRONG
        elif RETRIEVES(e) and dig(e.answer_json, "code") == "00" and not dig(e.answer_json, "a_confirmer"):
            self.insi = self.insi or status_of(e) in WITH_INS or _may_be_stored(e, exchanges)
            self.sure = self.sure and self.insi
        elif CONFIRMS(e) and e.resource.get("accepter") is True:
            self.insi = True
        elif VERIFIES(e) and dig(e.answer_json, "resultat") == "KO":
            self.proof = self.insi = False
        elif (CHANGES(e) and _strict(e)) or (MARKS(e) and e.resource.get("attribut") in _BLOCKING):
            self.sure = False


def _may_be_stored(asked: Exchange, exchanges: Sequence[Exchange]) -> bool:
    """INSi's last answer describes the person of the file, with whole data (INS-07 to INS-09 judge the others)."""
    people = [person for call in calls_of(asked, exchanges) if (person := individual(call)) and not unfit(call)]
    local = local_traits(usager_of(asked), exchanges, asked.id)
    return bool(people and not differences(local, people[-1].traits))


@rule(
    "INS-11",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"Ségur vague 2, INS/va1.45, INS/va1.43, INS/va1.40 et INS/va1.54 ; {GUIDE}, R20",
    title="Le statut suit le guide : provisoire, validée (justificatif), récupérée (INSi), qualifiée (les deux).",
    over="scenario",
)
def status_machine(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """Not judged: files opened with an INS, proofs whose worth is a setting, identities corrected or marked."""
    lives: dict[str, _Life] = {}
    for e in filter(_OF_IDENTITY, exchanges):
        usager = usager_of(e)
        if DECLARES(e):
            lives[usager] = _Life(sure=not e.resource.get("ins"))
            continue
        if usager not in lives:
            continue
        life, status = lives[usager], status_of(e)
        life.after(e, exchanges)
        if status and life.sure:
            expected = _STATUSES[life.proof, life.insi]
            if status == expected:
                yield Examined(e.id)
            else:
                at = f"{e.operation.removeprefix('produit.')}.statut"
                yield Finding(at, expected, shown(status), exchange=e.id)


@rule(
    "INS-12",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"Ségur vague 2, INS/va1.54 ; {GUIDE}, R20",
    title="Aucune identité ne devient qualifiée sans justificatif enregistré.",
    over="scenario",
)
def no_qualification_without_proof(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    proved: set[str] = set()
    for e in filter(_OF_IDENTITY, exchanges):
        usager = usager_of(e)
        if PROVES(e):
            proved.add(usager)
        if status_of(e) != "qualifiee" or came_with_ins(usager, exchanges):
            continue
        if usager in proved:
            yield Examined(e.id)
        else:
            at = f"{e.operation.removeprefix('produit.')}.statut"
            yield Finding(at, "recuperee : aucun justificatif n'est enregistré", "qualifiee", exchange=e.id)


@rule(
    "INS-13",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"Ségur vague 2, INS/va1.20 ; {GUIDE}, R25",
    title="Une identité douteuse ou fictive ne donne lieu à aucun appel à l'INSi.",
    over="scenario",
)
def blocked_identities(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    marked: dict[str, set[str]] = {}
    for e in exchanges:
        attributes = marked.setdefault(usager_of(e), set())
        if MARKS(e) and e.resource.get("attribut") in _BLOCKING:
            change = attributes.add if e.resource.get("valeur") is True else attributes.discard
            change(text(e.resource.get("attribut")))
        elif (RETRIEVES(e) or VERIFIES(e)) and attributes:
            calls = calls_of(e, exchanges)
            for call in calls:
                expected = f"aucun appel : l'identité est {' et '.join(sorted(attributes))}"
                yield Finding("appel", expected, call.operation, exchange=call.id)
            if not calls:
                yield Examined(e.id)


@rule(
    "INS-14",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"Ségur vague 2, INS/va1.18 et INS/va1.48 ; {GUIDE}, R26",
    title="Les traits stricts d'une identité récupérée ou qualifiée sont verrouillés ; le nom utilisé reste libre.",
    over="scenario",
)
def locked_traits(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """With the right `identite` or `administration` a strict trait may be corrected (the guide's super-user)."""
    rulers = {
        text(dig(e.answer_json, "professionnel"))
        for e in exchanges
        if action("declarer_professionnel")(e) and _may_rule(e)
    }
    for e in exchanges:
        if READS(e) and status_of(e) in WITH_INS and isinstance(dig(e.answer_json, "verrouilles"), list):
            yield from _judged_locks(e)
        elif CHANGES(e) and status_before(e, exchanges) in WITH_INS and e.status in (200, 422):
            strict = _strict(e)
            if strict and e.status == 200 and text(e.resource.get("par")) not in rulers:
                at, expected = f"modifier_identite.traits.{strict[0]}", "un refus : ce trait est verrouillé"
                yield Finding(at, expected, "une modification", exchange=e.id)
            elif not strict and e.status == 422 and e.resource.get("traits"):
                seen = shown(dig(e.answer_json, "message"))
                yield Finding("modifier_identite.traits", "le nom utilisé modifié", f"un refus : {seen}", exchange=e.id)
            else:
                yield Examined(e.id)


def _may_rule(made: Exchange) -> bool:
    rights = made.resource.get("droits")
    return isinstance(rights, list) and bool({"identite", "administration"} & set(map(str, rights)))


def _strict(change: Exchange) -> list[str]:
    traits = change.resource.get("traits")
    return [name for name in STRICT if isinstance(traits, Mapping) and name in traits]


def _judged_locks(reading: Exchange) -> Iterator[Finding | Examined]:
    locked = {text(name) for name in reading.answer_json["verrouilles"]}
    free = [name for name in STRICT if name not in locked and not name.startswith("pr")]
    free += [] if locked & {"prenoms", "premier_prenom"} else ["prenoms"]
    closed = sorted(locked & {"nom_utilise", "prenom_utilise"})
    if free:
        seen = f"{', '.join(free)} modifiable"
        yield Finding("lire_identite.verrouilles", "les cinq traits stricts", seen, exchange=reading.id)
    elif closed:
        seen = f"{', '.join(closed)} verrouillé"
        yield Finding("lire_identite.verrouilles", "le nom et le prénom utilisés libres", seen, exchange=reading.id)
    else:
        yield Examined(reading.id)


def _keeps_ins(asked: Exchange, exchanges: Sequence[Exchange]) -> Finding | None:
    """The first reading after an action that had to remove the INS, if it still shows one."""
    after = [e for e in exchanges if e.id > asked.id and usager_of(e) == usager_of(asked)]
    until = next((e.id for e in after if ASKS_INSI(e)), None)
    reading = next((e for e in after if READS(e) and (until is None or e.id < until)), None)
    for name in ("matricule", "oid"):
        if reading is not None and text(dig(reading.answer_json, name)):
            return Finding(f"lire_identite.{name}", "une valeur effacée", "une valeur gardée", exchange=reading.id)
    return None


@rule(
    "INS-15",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"Ségur vague 2, INS/va1.60 ; {GUIDE}, R27",
    title="Changer un trait strict efface le matricule et l'OID et fait redescendre le statut.",
    over="scenario",
)
def strict_change_removes_the_ins(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    for e in filter(CHANGES, exchanges):
        if e.status != 200 or not _strict(e) or status_before(e, exchanges) not in WITH_INS:
            continue
        if status_of(e) in WITH_INS:
            yield Finding("modifier_identite.statut", "provisoire ou validee", status_of(e), exchange=e.id)
        else:
            yield _keeps_ins(e, exchanges) or Examined(e.id)


@rule(
    "INS-17",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"Ségur vague 2, INS/va1.08 ; {GUIDE}, R49",
    title="Une vérification KO rend l'identité provisoire, efface matricule et OID et la met à revoir.",
    over="scenario",
)
def failed_verification(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    for e in filter(VERIFIES & DONE, exchanges):
        calls = calls_of(e, exchanges)
        if not calls or code_of(calls[-1]) != "KO":
            continue
        if dig(e.answer_json, "resultat") != "KO":
            yield Finding("verifier_ins.resultat", "KO", shown(dig(e.answer_json, "resultat")), exchange=e.id)
        elif status_of(e) != "provisoire":
            yield Finding("verifier_ins.statut", "provisoire", status_of(e), exchange=e.id)
        else:
            yield _keeps_ins(e, exchanges) or _not_on_worklist(e, exchanges) or Examined(e.id)


def _not_on_worklist(asked: Exchange, exchanges: Sequence[Exchange]) -> Finding | None:
    after = [e for e in exchanges if e.id > asked.id and usager_of(e) == usager_of(asked)]
    reading = next((e for e in after if READS(e)), None)
    if reading is None or dig(reading.answer_json, "liste_de_travail") is not False:
        return None
    return Finding("lire_identite.liste_de_travail", "vrai : l'identité est à revoir", "faux", exchange=reading.id)


@rule(
    "INS-22",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"Ségur vague 2, INS/va1.44 ; {GUIDE}, R21",
    title="L'historique des statuts est conservé, avec la date et l'auteur de chaque changement.",
    over="scenario",
)
def history_is_kept(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    reached: dict[str, list[str]] = {}
    for e in filter(_OF_IDENTITY, exchanges):
        said, status = reached.setdefault(usager_of(e), []), status_of(e)
        if status and said[-1:] != [status]:
            said.append(status)
        if not READS(e) or len(said) < 2:
            continue
        history = [line for _, line in objects(dig(e.answer_json, "historique"))]
        missing = [one for one in said if one not in {text(line.get("statut")) for line in history}]
        bare = [line for line in history if not (text(line.get("date")).strip() and text(line.get("auteur")).strip())]
        if missing:
            seen = f"{', '.join(missing)} absent"
            yield Finding("lire_identite.historique", "tous les statuts atteints", seen, exchange=e.id)
        elif bare:
            yield Finding("lire_identite.historique", "date et auteur", "une ligne incomplète", exchange=e.id)
        else:
            yield Examined(e.id)
