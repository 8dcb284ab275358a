"""The product as a scenario sees it: it is asked to act, and each action enters the journal."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from harness import vocabulary
from harness.actors.person import Person
from harness.actors.professional import Professional
from harness.drivers import Answer, Driver
from harness.errors import ActionNotOffered, DriverError
from harness.sandbox_client import TenantClient

HIDDEN = "‹masqué›"
LONGEST_TEXT = 20_000  # characters that the journal keeps of a parameter or of a result


class _RefusedError(AssertionError, KeyError):
    """A step reads a result that the product refused to give: the scenario fails, `in` and `get` still work."""

    __str__ = Exception.__str__


@dataclass(frozen=True, eq=False)
class Outcome(Mapping[str, Any]):
    """Result of an action: a mapping of what the product gave back.

    refused: the product said no; error and message: its code and what its user reads. params: what was asked.
    """

    result: Mapping[str, Any]
    refused: bool = False
    error: str = ""
    message: str = ""
    action: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)

    def __getitem__(self, key: str) -> Any:
        if key not in self.result and self.refused:
            raise _RefusedError(f"Le produit refuse l'action « {self.action} » : {self.message}")
        return self.result[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.result)

    def __len__(self) -> int:
        return len(self.result)


class Product:
    """The product under test.

    journal: tenant in whose journal actions are written. absent: actions that `cible.toml` declares absent.
    usager_of, account_of: id in the product of a fictitious person or professional, who may stand for it in any
    parameter.
    """

    def __init__(
        self,
        driver: Driver,
        journal: TenantClient,
        *,
        absent: frozenset[str] = frozenset(),
        usager_of: Callable[[Person], str],
        account_of: Callable[[Professional], str] | None = None,
    ) -> None:
        self.driver = driver
        self._journal = journal
        self._absent = absent
        self._usager_of = usager_of
        self._account_of = account_of
        self._concerned: dict[str, str] = {}

    def offers(self, action: str) -> bool:
        """Whether the product offers this action. Raises ProductUnreachable."""
        return action not in self._absent and self.driver.offers(action)

    def act(self, action: str, **params: Any) -> Outcome:
        """Ask the product for one action of the vocabulary.

        Raises ActionNotOffered, ParameterError (fault of the bench), DriverError (fault of the vendor's driver),
        ProductUnreachable. A refusal is an outcome, not an error.
        """
        resolved = {name: self._name_of(value) for name, value in params.items()}
        return self._act(action, resolved, self._person_of(resolved))

    def _name_of(self, value: Any) -> Any:
        """What the product calls a person or a professional; anything else as it is."""
        if isinstance(value, Person):
            return self._usager_of(value)
        if isinstance(value, Professional) and self._account_of is not None:
            return self._account_of(value)
        return value

    def declare(self, person: Person, *, without: Collection[str] = (), **more: Any) -> str:
        """Declare a person to the product; the id of this usager in the product.

        more, without: parameters of `declarer_usager` to add or to replace, and those to leave out.
        """
        outcome = self.try_to_declare(person, without=without, **more)
        usager = str(outcome["usager"])
        self._concerned[usager] = person.id
        return usager

    def try_to_declare(self, person: Person, *, without: Collection[str] = (), **more: Any) -> Outcome:
        """The same, when the product may refuse (arguments of `declare`)."""
        told = {**person.as_declared(), **more}
        return self._act("declarer_usager", {name: told[name] for name in told if name not in without}, person.id)

    def _act(self, action: str, params: Mapping[str, Any], person: str | None) -> Outcome:
        spec = vocabulary.load()[action]
        prepared = spec.prepare(params)
        entry = _Entry(action, prepared, person, self._journal.last_id())
        try:
            if action in self._absent:
                raise ActionNotOffered(action)
            answer = self.driver.perform(action, prepared)
            result = {} if answer.refused else spec.accept(answer.result)
        except (ActionNotOffered, DriverError) as error:
            self._journal.record(entry.failed(error))
            raise
        self._journal.record(entry.done(answer))
        for made in ("rendez_vous", "document"):
            if person is not None and isinstance(result.get(made), str):
                self._concerned[result[made]] = person
        return Outcome(result, answer.refused, answer.error, answer.message, action, prepared)

    def _person_of(self, params: Mapping[str, Any]) -> str | None:
        """The person concerned, known by what the product called it or its appointment."""
        named = (self._concerned.get(str(params.get(key))) for key in ("pour", "usager", "rendez_vous", "document"))
        return next((person for person in named if person), None)


class _Entry:
    """The journal entry of one action, posted once it is over (architecture §2)."""

    def __init__(self, action: str, params: Mapping[str, Any], person: str | None, after: int) -> None:
        self._started = time.monotonic()
        self._entry = {
            "protocol": "action",
            "service": "produit",
            "operation": f"produit.{action}",
            "person": person,
            "request": {"body": _text(_without_secret(params))},
            "context": {"apres": after},
        }

    def done(self, answer: Answer) -> dict[str, Any]:
        body = {"erreur": answer.error, "message": answer.message} if answer.refused else answer.result
        return self._closed(answer.status, body)

    def failed(self, error: ActionNotOffered | DriverError) -> dict[str, Any]:
        status = 501 if isinstance(error, ActionNotOffered) else error.status
        return self._closed(status, {"message": str(error)})

    def _closed(self, status: int, body: Mapping[str, Any]) -> dict[str, Any]:
        return {
            **self._entry,
            "answer": {"status": status, "body": _text(body)},
            "duration_ms": round((time.monotonic() - self._started) * 1000, 1),
        }


def _text(value: Any) -> str:
    return json.dumps(_shortened(value), ensure_ascii=False, default=str)


def _shortened(value: Any) -> Any:
    """The same without the contents of documents, which would fill the journal."""
    if isinstance(value, str):
        return value if len(value) <= LONGEST_TEXT else f"‹texte:caractères={len(value)}›"
    if isinstance(value, Mapping):
        return {name: _shortened(part) for name, part in value.items()}
    return [_shortened(part) for part in value] if isinstance(value, list) else value


def _without_secret(params: Mapping[str, Any]) -> Mapping[str, Any]:
    """A vendor's own client secret has no prefix by which the journal would know it."""
    return {
        name: {**part, "client_secret": HIDDEN} if isinstance(part, Mapping) and "client_secret" in part else part
        for name, part in params.items()
    }
