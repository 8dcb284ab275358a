"""All that handles identities, put together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from reference.config import Settings
from reference.defects import Defects
from reference.identity.client import Insi
from reference.identity.life import WITH_INS, Identities
from reference.identity.reception import Reception
from reference.identity.retrieval import Retrieval
from reference.identity.search import Search
from reference.identity.traits import LABELS, STRICT, UNKNOWN_PLACE, USED, Traits, missing, traits_of
from reference.people import People
from reference.records import Usager
from reference.refusal import Refusal
from reference.store import Store
from reference.wire import Wire


class IdentityOffice:
    """Identities of the product."""

    def __init__(
        self,
        store: Store,
        people: People,
        wire: Wire,
        settings: Callable[[], Settings],
        defects: Defects,
        now: Callable[[], datetime],
    ) -> None:
        self._defects = defects
        self.insi = Insi(store, wire, settings, defects, now)
        self.life = Identities(store, defects, now)
        self.retrieval = Retrieval(self.insi, self.life, defects)
        self.reception = Reception(store, people, self.insi, self.life, defects)
        self.search = Search(store, defects)

    def check(self, traits: Traits, *, place_unasked: bool = False, with_used_first_name: bool = False) -> None:
        """Refusal when a file must not have these traits (R5).

        place_unasked: the file was taken over with its INS, from before the place of birth was asked for.
        with_used_first_name: only a defect makes a difference.
        """
        lacking = [name for name in missing(traits) if not (place_unasked and name == LABELS["lieu_naissance"])]
        unknown = traits.lieu_naissance == UNKNOWN_PLACE and with_used_first_name
        if unknown and self._defects.has("lieu_inconnu_refuse"):
            lacking.append(LABELS["lieu_naissance"])
        if lacking and not self._defects.has("creation_sans_trait"):
            raise Refusal("identite_incomplete", f"Il manque : {', '.join(lacking)}.")

    def locked(self, usager: Usager) -> list[str]:
        """Traits that nobody may change, but who has the right `identite` (R26)."""
        if self.life.status(usager) not in WITH_INS or self._defects.has("traits_stricts_modifiables"):
            return []
        return [*STRICT, *(USED if self._defects.has("nom_utilise_verrouille") else ())]

    def change(self, usager: Usager, traits: Mapping[str, Any], author: str, *, ruler: bool) -> str:
        """Change traits of a file. Returns the status; Refusal for a locked trait, unless by a ruler.

        A strict trait that changes is not what the paper or INSi said: the INS goes away (R27).
        """
        unknown = traits.keys() - set(STRICT) - set(USED)
        if unknown:
            raise Refusal("trait_inconnu", f"Traits inconnus : {', '.join(sorted(unknown))}.")
        refused = [] if ruler else [LABELS[name] for name in self.locked(usager) if name in traits]
        if refused:
            raise Refusal("trait_verrouille", f"Verrouillé, car l'INS a été récupérée : {', '.join(refused)}.")
        usager.nom_utilise = traits.get("nom_utilise", usager.nom_utilise)
        usager.prenom_utilise = traits.get("prenom_utilise", usager.prenom_utilise)
        before, after = traits_of(usager), _changed(traits_of(usager), traits)
        if before != after:
            self.check(after, place_unasked=not before.lieu_naissance)
        self.life.write(usager, after)
        kept = usager.ins is not None and self._defects.has("correction_garde_l_ins")
        if before != after and not kept:
            return self.life.detach(usager, author)
        return self.life.keep(usager, self.life.of(usager), author)


def _changed(traits: Traits, told: Mapping[str, Any]) -> Traits:
    names = tuple(told.get("prenoms") or traits.prenoms)
    if "premier_prenom" in told:
        names = (str(told["premier_prenom"]), *names[1:])
    return Traits(
        str(told.get("nom_naissance", traits.nom_naissance)),
        names,
        str(told.get("sexe", traits.sexe)),
        str(told.get("date_naissance", traits.date_naissance)),
        str(told.get("lieu_naissance", traits.lieu_naissance)),
    )
