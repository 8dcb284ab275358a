"""The register behind INSi as scenarios play it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from harness.actors.person import Person
from harness.sandbox_client import TenantClient


class InsiActor:
    """What the national register of identities says, for one scenario."""

    def __init__(self, tenant: TenantClient) -> None:
        self._tenant = tenant

    def identity_of(self, person: Person) -> Mapping[str, Any]:
        """What the register says of a person: matricule, nature, traits, history."""
        known: list[Mapping[str, Any]] = self._tenant.call("GET", "/insi/identites")["identites"]
        return next(one for one in known if one["personne"] == person.id)

    def change(self, person: Person, **what: Any) -> None:
        """Change the register (keys of the admin API: matricule, nature, traits, historique, absente)."""
        self._tenant.call("PUT", f"/insi/identites/{quote(person.id)}", what)

    def make_homonym(self, person: Person, other: Person) -> None:
        """Give `other` the same traits as `person`: a search finds both."""
        self.change(other, homonyme_de=person.id)

    def hide(self, person: Person) -> None:
        """The register does not know this person."""
        self.change(person, absente=True)
