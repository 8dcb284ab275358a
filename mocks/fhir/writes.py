"""What writing does to the store: create, update, delete, plain and on a condition (agenda-sas §5.4).

Everything here runs in the write transaction; whoever calls has validated before. The caller wraps a whole
interaction in `atomic`, so that a refusal leaves nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import text

from mocks.call import Call
from mocks.fhir.declaration import FhirEndpoint, Query, Resource, Scope
from mocks.fhir.outcome import FhirError
from mocks.fhir.store import Repository, Stored
from mocks.store import Session, Statement

_SAVE = Statement(text("SAVEPOINT fhir"))
_UNDO = Statement(text("ROLLBACK TO SAVEPOINT fhir"))
_NO_MATCH = "Aucune ressource ne répond à la condition et l'identifiant « {} » ne peut pas être choisi par le client."
_MULTIPLE = "Plusieurs ressources répondent à la condition : elle doit en désigner une seule."


@dataclass(frozen=True, slots=True)
class Written:
    """What a write answers: 200 (changed, or found by If-None-Exist), 201 or 204, and the version concerned."""

    status: int
    stored: Stored


@contextmanager
def atomic(session: Session) -> Iterator[None]:
    """A transaction whose writes are undone when something is raised; what was written before it stays."""
    nested = session.wrote
    session.begin()
    if nested:
        session.write(_SAVE)
    try:
        yield
    except BaseException:
        if nested:
            session.write(_UNDO)
        else:
            session.rollback()
        raise


class Writer:
    """Writes of one call on one type, within a scope."""

    def __init__(self, call: Call, repository: Repository, endpoint: FhirEndpoint, scope: Scope) -> None:
        self._call = call
        self._repository = repository
        self._endpoint = endpoint
        self._scope = scope

    def create(self, resource: Resource, condition: Query | None = None) -> Written:
        """POST. condition: of If-None-Exist. The resource keeps an `id` that the caller has left in it."""
        if condition is not None:
            found = self.match(condition)
            if found is not None:
                return self._tell(Written(200, found), created=False)
        else:
            policy = self._endpoint.duplicates
            policy = policy if isinstance(policy, str) else policy(self._call)
            known = self._same_identifier(resource) if policy != "accept" else None
            if known is not None and policy == "merge":
                return self._store(resource, known)
            if known is not None:
                raise FhirError(
                    409,
                    f"Cet identifiant est déjà celui de {known.type}/{known.id}.",
                    code="duplicate",
                    at="identifier",
                )
        return self._store(resource, None)

    def update(self, resource: Resource, id_: str, if_match: str | None) -> Written:
        """PUT on an address. Raises FhirError 403, 404, 405, 409 or 412."""
        old = self.own(id_)
        if old is None and not self._endpoint.update_creates:
            raise FhirError(405, f"{self._endpoint.type}/{id_} n'existe pas et ne peut pas être créée par PUT.")
        _check_version(old, if_match)
        return self._store({**resource, "id": id_}, old)

    def update_where(self, resource: Resource, condition: Query, if_match: str | None) -> Written:
        """PUT on a condition: 201 when nothing matches, 200 for one match. Raises FhirError 400, 405, 412."""
        old, id_ = self.match(condition), resource.get("id")
        if old is None and id_ is not None and not self._endpoint.update_creates:
            raise FhirError(405, _NO_MATCH.format(id_))
        if old is None and id_ is not None:
            return self.update(resource, str(id_), if_match)
        if old is not None and id_ not in (None, old.id):
            raise FhirError(400, f"L'identifiant « {id_} » du corps n'est pas celui de la ressource trouvée.", at="id")
        _check_version(old, if_match)
        return self._store(resource, old)

    def delete(self, id_: str, if_match: str | None) -> Written:
        """DELETE; deleting again changes nothing."""
        old = self.own(id_)
        if old is None:
            raise FhirError(404, f"{self._endpoint.type}/{id_} n'existe pas.")
        _check_version(old, if_match)
        if not old.deleted:
            if self._endpoint.on_delete is not None:
                self._endpoint.on_delete(self._call, old.resource)
            old = self._repository.remove(self._call.session, self._tenant, old, self._call.now)
        return self._tell(Written(204, old), created=False)

    def own(self, id_: str) -> Stored | None:
        """The resource that the caller may write; None when there is none. Raises FhirError 403 for another's."""
        found = self._repository.get(self._call.session, self._tenant, self._endpoint.type, id_)
        if found is None:
            return None
        if not visible(found, self._scope):
            raise FhirError(404, f"{self._endpoint.type}/{id_} n'existe pas.")
        if self._scope.owner is not None and found.owner != self._scope.owner:
            raise FhirError(403, f"{self._endpoint.type}/{id_} vient d'une autre source, qui seule peut la changer.")
        return found

    def match(self, condition: Query) -> Stored | None:
        """The one resource of the caller that meets a condition, None without match. Raises FhirError 412, 400."""
        if not [value for _, value in condition if value]:
            raise FhirError(400, "La condition est vide : elle doit porter au moins un critère de recherche.")
        scope = Scope(self._scope.compartment, self._scope.owner, own_only=self._scope.owner is not None)
        found = self._repository.find(self._call.session, self._tenant, self._endpoint.type, condition, scope)
        if len(found) > 1:
            raise FhirError(412, _MULTIPLE, code="multiple-matches")
        return found[0] if found else None

    @property
    def _tenant(self) -> str:
        return self._call.tenant.name

    def _same_identifier(self, resource: Resource) -> Stored | None:
        identifiers = resource.get("identifier")
        for identifier in identifiers if isinstance(identifiers, list) else ():
            if identifier.get("value"):
                system, value = identifier.get("system", ""), identifier["value"]
                repository, session = self._repository, self._call.session
                found = repository.with_identifier(
                    session, self._tenant, self._endpoint.type, system, value, self._scope
                )
                if len(found) > 1:
                    raise FhirError(412, _MULTIPLE, code="multiple-matches")
                if found:
                    return found[0]
        return None

    def _store(self, resource: Resource, old: Stored | None) -> Written:
        alive = old is not None and not old.deleted
        if self._endpoint.on_write is not None:
            self._endpoint.on_write(self._call, old.resource if old is not None and alive else None, resource)
        stored = self._repository.put(self._call.session, self._tenant, resource, self._scope, self._call.now, old=old)
        return self._tell(Written(200 if alive else 201, stored), created=not alive)

    def _tell(self, written: Written, *, created: bool) -> Written:
        stored = written.stored
        told = {"type": stored.type, "id": stored.id, "version": stored.version, "created": created}
        self._call.context["stored"] = {**told, "source": stored.owner or None}
        return written


def visible(stored: Stored, scope: Scope) -> bool:
    """Whether a scope lets a resource be read."""
    if scope.compartment is not None and stored.compartment != scope.compartment:
        return False
    return not scope.own_only or stored.owner == (scope.owner or "")


def _check_version(old: Stored | None, if_match: str | None) -> None:
    if if_match is not None and (old is None or str(old.version) != if_match):
        current = f"la version courante est {old.version}" if old else "la ressource n'existe pas"
        raise FhirError(412, f"If-Match demande la version {if_match} ; {current}.")
