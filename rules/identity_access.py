"""INS-23 to INS-25, INS-28: creating and finding identities, and who may see the INS."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rules.core import Authority, Examined, Finding, Level, rule
from rules.exchange import Exchange
from rules.identifiers import is_ins
from rules.insi import DECLARES, READS, RETRIEVES, VERIFIES, calls_of, local_traits, usager_of
from rules.insi_answers import GUIDE
from rules.reading import dig, shown, text
from rules.selectors import On, action
from rules.traits import UNKNOWN_PLACE, first_names, plain

_SEARCHES = action("rechercher_identite") & On(lambda e: e.status in (200, 422) and not e.resource.get("par"))


@rule(
    "INS-23",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"Ségur vague 2, INS/va1.41 ; {GUIDE}, R17",
    title="La recherche par matricule demande les 15 caractères et une clé juste, Corse comprise.",
    on=_SEARCHES & On(lambda e: bool(e.resource.get("matricule"))),
)
def search_by_matricule(exchange: Exchange) -> Iterator[Finding]:
    """An empty list for a wrong matricule is let pass: nothing was found by it."""
    matricule, found = text(exchange.resource.get("matricule")), dig(exchange.answer_json, "usagers")
    if is_ins(matricule) and exchange.status == 422:
        seen = f"un refus : {shown(dig(exchange.answer_json, 'message'))}"
        yield Finding("rechercher_identite.matricule", "une recherche : la clé est juste", seen)
    elif not is_ins(matricule) and exchange.status == 200 and found:
        yield Finding("rechercher_identite.matricule", "un refus : longueur ou clé fausse", "un résultat")


@rule(
    "INS-24",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"Ségur vague 2, INS/va1.02 et INS/va1.25 ; {GUIDE}, R17",
    title="La recherche par date et début de nom ignore accents, tirets et apostrophes, et lit tous les noms.",
    over="scenario",
)
def search_by_name(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    for e in filter(_SEARCHES, exchanges):
        date, start = text(e.resource.get("date_naissance")), plain(e.resource.get("debut"))
        if not date or not start or e.status != 200 or e.resource.get("matricule"):
            continue
        listed = dig(e.answer_json, "usagers")
        found = [text(one) for one in listed] if isinstance(listed, list) else []
        known = {usager_of(x) for x in exchanges if DECLARES(x) and x.id < e.id} - {""}
        wanted = {usager for usager in known if _bears(usager, exchanges, e, date, start)}
        missed = sorted(wanted - set(found))
        if missed:
            expected = f"l'usager {missed[0]}, né le {date}"
            yield Finding("rechercher_identite.usagers", expected, shown(found), exchange=e.id)
        elif wanted:
            yield Examined(e.id)


def _bears(usager: str, exchanges: Sequence[Exchange], asked: Exchange, date: str, start: str) -> bool:
    """Whether a birth or used name of this usager, born that day, begins so."""
    traits = local_traits(usager, exchanges, asked.id)
    names = [plain(traits.get("nom_naissance")), plain(traits.get("nom_utilise"))]
    return traits.get("date_naissance") == date and any(name.startswith(start) for name in names)


@rule(
    "INS-25",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"Ségur vague 2, INS/va1.21 ; {GUIDE}, R5",
    title="Une identité se crée avec ses cinq traits ; le lieu de naissance inconnu (99999) est accepté.",
    on=action("declarer_usager") & On(lambda e: e.status in (200, 422) and "lieu_naissance" in e.resource),
)
def five_traits(exchange: Exchange) -> Iterator[Finding]:
    """A declaration that does not speak of the place of birth is older than this action's parameter: not judged."""
    given = exchange.resource
    values = {name: given.get(name) for name in ("nom", "sexe", "date_naissance", "lieu_naissance")}
    empty = [name for name, value in values.items() if not text(value).strip()]
    empty += [] if first_names(given.get("prenoms")) else ["prenoms"]
    if empty and exchange.status == 200:
        yield Finding("declarer_usager", f"un refus : {', '.join(empty)} manque", "une identité créée")
    elif not empty and exchange.status == 422 and given.get("lieu_naissance") == UNKNOWN_PLACE:
        seen = f"un refus : {shown(dig(exchange.answer_json, 'message'))}"
        yield Finding("declarer_usager.lieu_naissance", "99999 accepté", seen)


@rule(
    "INS-28",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"Ségur vague 2, INS/va1.32 et INS/va1.50 ; {GUIDE}, R4",
    title="Qui n'en a pas le droit ne peut ni appeler l'INSi ni voir l'INS.",
    over="scenario",
)
def rights_on_the_ins(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """Professionals declared with a list of rights that does not hold `ins`."""
    barred: set[str] = set()
    for e in exchanges:
        if action("declarer_professionnel")(e) and e.status == 200:
            rights, account = e.resource.get("droits"), text(dig(e.answer_json, "professionnel"))
            barred |= {account} if account and isinstance(rights, list) and "ins" not in rights else set()
        elif text(e.resource.get("par")) not in barred:
            continue
        elif RETRIEVES(e) or VERIFIES(e):
            calls = calls_of(e, exchanges)
            for call in calls:
                yield Finding(
                    "appel", "aucun appel : le professionnel n'a pas le droit", call.operation, exchange=call.id
                )
            if not calls:
                yield Examined(e.id)
        elif READS(e):
            if text(dig(e.answer_json, "matricule")):
                yield Finding("lire_identite.matricule", "aucun matricule montré", "un matricule", exchange=e.id)
            else:
                yield Examined(e.id)
