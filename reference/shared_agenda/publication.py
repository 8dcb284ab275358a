"""The agendas of our professionals at the manager: published, changed in part, closed (flows 2 and 3)."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from reference.defects import Defects
from reference.planning.plannings import Plannings
from reference.professionals import Professionals
from reference.shared_agenda import resources
from reference.shared_agenda.client import Answer, Json, SharedAgendaClient
from reference.shared_agenda.directory import Directory, NotDoneError
from reference.shared_agenda.records import SharedPlanning
from reference.store import Store

Sending = dict[str, dict[str, str]]


@dataclass
class Publication:
    """Keeps the manager's Schedules like our plannings."""

    store: Store
    client: SharedAgendaClient
    directory: Directory
    professionals: Professionals
    plannings: Plannings
    defects: Defects

    def share(self, professional: str) -> Sending:
        """Publish the whole agenda of a professional, for the first time or again."""
        if not self.client.connected:
            return sending("sans_objet", "Le produit n'est relié à aucun agenda partagé.")
        with self.store.turn(professional):
            published = self._published(professional)
            try:
                return self._outcome(published, self._whole(published))
            except NotDoneError as error:
                return self._outcome(published, error.answer)

    def change(self, professional: str, availability: str) -> Sending:
        """Send one availability that has changed, and it alone."""
        planning = self.plannings.planning(professional)
        one = next(a for a in self.plannings.of(professional) if a.id == availability)
        extension = resources.availability(one, planning.zone)
        if self.defects.has("changement_non_publie"):
            return sending("envoye")
        if self.defects.has("disponibilite_renommee"):
            extension["extension"][3]["valueIdentifier"]["value"] += "-bis"

        def operations(place: int) -> list[Json]:
            return [{"op": "replace", "path": f"/extension/{place}", "value": extension}]

        return self._in_part(professional, availability, operations)

    def withdraw(self, professional: str, availability: str) -> Sending:
        """Take one availability away, and it alone."""

        def operations(place: int) -> list[Json]:
            first = 1 if self.defects.has("retrait_emporte_les_autres") else place
            return [{"op": "remove", "path": f"/extension/{rank}"} for rank in range(place, first - 1, -1)]

        return self._in_part(professional, availability, operations)

    def close(self, professional: str) -> Sending:
        """Share the agenda of this professional no more (flow 2c)."""
        published = self.store.get(SharedPlanning, professional)
        if published is None or not published.id:
            return sending("sans_objet", "Cet agenda n'est pas partagé.")
        if self.defects.has("agenda_non_ferme"):
            return sending("envoye")
        answer = self.client.delete(f"Schedule/{published.id}")
        if answer.kind in ("ok", "gone"):
            self.store.delete(published)
            return sending("envoye")
        return sending("refuse", answer.message)

    def resume(self) -> tuple[int, int]:
        """Publish again what could not leave; numbers of agendas sent and still waiting."""
        waiting = [one for one in self.store.all(SharedPlanning) if one.waiting]
        done = [self.share(one.professional)["envoi"]["etat"] for one in waiting]
        return done.count("envoye"), done.count("en_attente")

    def _published(self, professional: str) -> SharedPlanning:
        return self.store.get(SharedPlanning, professional) or SharedPlanning(professional)

    def _whole(self, published: SharedPlanning) -> Answer:
        planning = self.plannings.planning(published.professional)
        actors = self.directory.professional(self.professionals.get(published.professional))
        made = resources.schedule(planning, self.plannings.of(published.professional), actors)
        if not published.id:
            return self._created(made)
        answer = self.client.update({**made, "id": published.id}, published.etag)
        if answer.kind == "stale":
            self._read_again(published)
            answer = self.client.update({**made, "id": published.id}, published.etag)
        return answer

    def _created(self, made: Json) -> Answer:
        """When no answer comes the manager may have it: it is looked for before another one is made."""
        answer = self.client.create(made)
        if answer.kind != "lost":
            return answer
        if self.defects.has("agenda_double_apres_coupure"):
            return self.client.create(made)
        known = made["identifier"][0]
        entries, problem = self.client.search("Schedule", ("identifier", f"{known['system']}|{known['value']}"))
        if problem:
            return answer
        return Answer("ok", entries[0]["resource"]) if entries else self.client.create(made)

    def _in_part(self, professional: str, availability: str, operations: Callable[[int], list[Json]]) -> Sending:
        published = self._published(professional)
        if not self.client.connected or not published.id or published.waiting:
            return self.share(professional)
        with self.store.turn(professional):
            answer = self._patched(published, availability, operations)
            if answer.kind == "stale":
                self._read_again(published)
                answer = self._patched(published, availability, operations)
            return self._outcome(published, answer)

    def _patched(self, published: SharedPlanning, availability: str, operations: Callable[[int], list[Json]]) -> Answer:
        """PATCH; where the manager does not offer it, PUT of the whole with that one change (flux-gestion-dispo)."""
        place = resources.place_of(published.resource, availability)
        if place is None:
            return self._whole(published)
        asked = operations(place)
        answer = self.client.patch(f"/Schedule/{published.id}", asked, published.etag)
        if answer.kind != "unsupported" or self.defects.has("sans_repli_sur_put"):
            return answer
        return self.client.update(_changed(published.resource, asked), published.etag)

    def _read_again(self, published: SharedPlanning) -> None:
        """What somebody else changed meanwhile (FHIR R4, http, version aware updates)."""
        answer = self.client.read(f"Schedule/{published.id}")
        if answer.kind == "ok":
            published.resource, published.etag = dict(answer.resource), answer.headers.get("ETag", "")

    def _outcome(self, published: SharedPlanning, answer: Answer) -> Sending:
        published.waiting = answer.kind in ("later", "lost")
        if answer.kind == "ok":
            published.id = str(answer.resource.get("id") or published.id)
            published.resource = dict(answer.resource) or published.resource
            published.etag = answer.headers.get("ETag", "")
        self.store.save(published)
        if answer.kind == "ok":
            return sending("envoye")
        if published.waiting:
            return sending("en_attente", "L'agenda sera publié quand le gestionnaire d'agendas répondra.")
        return sending("refuse", answer.message)


def sending(state: str, message: str = "") -> Sending:
    """How the sending went, in the words of the vocabulary."""
    return {"envoi": {"etat": state, **({"message": message} if message else {})}}


def _changed(resource: Json, operations: list[Json]) -> Json:
    """The same change made by us, for a manager without PATCH."""
    changed = deepcopy(resource)
    extensions: list[Any] = changed["extension"]
    for operation in operations:
        place = int(operation["path"].rpartition("/")[2])
        if operation["op"] == "remove":
            del extensions[place]
        else:
            extensions[place] = operation["value"]
    return changed
