"""How a service declares its FHIR API: data, and a few callables for what is its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal

from flask import Response

from mocks.call import Call
from mocks.fhir.outcome import OutcomeIssue

Resource = dict[str, Any]
Query = Sequence[tuple[str, str]]


class Interaction(StrEnum):
    """What can be asked of a type; the value ends the name of the operation (`mes.fhir.appointment.create`)."""

    CREATE = "create"
    CONDITIONAL_CREATE = "conditional-create"
    READ = "read"
    VREAD = "vread"
    HISTORY = "history"
    UPDATE = "update"
    CONDITIONAL_UPDATE = "conditional-update"
    PATCH = "patch"
    CONDITIONAL_PATCH = "conditional-patch"
    DELETE = "delete"
    SEARCH = "search"
    TRANSACTION = "transaction"


CREATE = Interaction.CREATE
CONDITIONAL_CREATE = Interaction.CONDITIONAL_CREATE
READ = Interaction.READ
VREAD = Interaction.VREAD
HISTORY = Interaction.HISTORY
UPDATE = Interaction.UPDATE
CONDITIONAL_UPDATE = Interaction.CONDITIONAL_UPDATE
PATCH = Interaction.PATCH
CONDITIONAL_PATCH = Interaction.CONDITIONAL_PATCH
DELETE = Interaction.DELETE
SEARCH = Interaction.SEARCH
TRANSACTION = Interaction.TRANSACTION

Kind = Literal["token", "string", "date", "reference"]


@dataclass(frozen=True, slots=True)
class SearchParam:
    """A search parameter: its name, its type and the elements that it looks at.

    paths: dotted element paths under the resource (`participant.actor`); lists are gone through. targets: types a
    reference may lead to. system: what a bare `code` element means in a token (`status`). definition: canonical of
    the SearchParameter, where a guide has one of its own. documentation: French sentence for the CapabilityStatement.
    """

    name: str
    kind: Kind
    paths: tuple[str, ...]
    targets: tuple[str, ...] = ()
    system: str = ""
    logical_only: bool = False  # a reference searched by the identifier of its target, never by its address
    selective: bool = True  # few resources share a value, so that a search may start from it
    definition: str = ""
    documentation: str = ""


def token(name: str, *paths: str, system: str = "", selective: bool | None = None) -> SearchParam:
    """Token parameter; path: the parameter's name when none is given. selective: by default only for identifiers."""
    chosen = name == "identifier" if selective is None else selective
    return SearchParam(name, "token", paths or (name,), system=system, selective=chosen)


def string(name: str, *paths: str) -> SearchParam:
    """String parameter: starts with, without case and accents."""
    return SearchParam(name, "string", paths or (name,))


def date(name: str, *paths: str) -> SearchParam:
    """Date parameter on elements date, dateTime, instant or Period."""
    return SearchParam(name, "date", paths or (name,), selective=False)


def reference(name: str, *targets: str, path: str = "") -> SearchParam:
    """Reference parameter, with its chains (`name.identifier`, `name:Type.identifier`) and `name:identifier`."""
    return SearchParam(name, "reference", (path or name,), targets=targets)


def identifier_of(name: str, *targets: str, path: str = "") -> SearchParam:
    """Reference known by the identifier of its target: `name.identifier=` and `name:identifier=`, not `name=`."""
    return SearchParam(name, "reference", (path or name,), targets=targets, logical_only=True)


@dataclass(frozen=True, slots=True)
class Demand:
    """What is asked, as the guard sees it: before the body is judged, so that rights come before content.

    resource: the body when it is a JSON object, else None. query: decoded parameters of a search, or the condition
    of a conditional interaction. id: of the resource in the address, else empty.
    """

    interaction: Interaction
    type: str
    id: str = ""
    query: Query = ()
    resource: Resource | None = None

    @property
    def writes(self) -> bool:
        """Whether the interaction would change something."""
        return self.interaction not in (READ, VREAD, HISTORY, SEARCH)


@dataclass(frozen=True, slots=True)
class Scope:
    """What the caller may reach.

    compartment: key of the person (or structure) to whom all that is read or written belongs; None for no limit.
    owner: who writes, stamped on what is created; only the owner updates, deletes, or matches by a condition.
    own_only: the caller also reads nothing but its own.
    """

    compartment: str | None = None
    owner: str | None = None
    own_only: bool = False


Guard = Callable[[Call, Demand], Scope]
WriteHook = Callable[[Call, Resource | None, Resource], None]
Validator = Callable[[Call, Resource], Sequence[OutcomeIssue]]


def open_to_all(_call: Call, _demand: Demand) -> Scope:
    """Guard of an API without access control."""
    return Scope()


@dataclass(frozen=True)
class FhirEndpoint:
    """One resource type of a service.

    type: FHIR type. profile: canonical that what is written must obey, None for the base type. interactions: those
    offered; others answer 405. search: parameters (besides `_id` and `_lastUpdated`). guard: says who may, raises
    FhirError. on_write(call, old, new): runs in the write transaction before storage; may raise FhirError and may
    change `new` in place. on_delete(call, old): likewise. on_search(call, query): refuses a search, or gives
    the query that is run instead; links keep the one asked. present(call, text): the JSON shown
    instead of the JSON stored (as text: a search shows many resources). validate: `refuser` (422), `noter`
    (journal only), `ignorer`, or a callable that gives the issues. duplicates: what a plain POST does with an
    `identifier` the same owner has used: `accept`, `reject` (409) or `merge` (update), or a callable that says so
    for the call. update_creates: whether PUT on an unknown id
    creates. page_parameter: name of a page-number parameter (`_offset`) when the service pages by number.
    summary: elements kept by `_summary=true`. scoped: every scope of the guard has a compartment, so that searches
    start from it and writes index by value nothing but `identifier` (a search without compartment is then slow, not
    wrong). views: what the service does in its own way because the store is not the engine's, by interaction; a
    conditional PATCH is offered only so.
    """

    type: str
    profile: str | None = None
    interactions: tuple[Interaction, ...] = (READ, SEARCH)
    search: tuple[SearchParam, ...] = ()
    guard: Guard = open_to_all
    on_write: WriteHook | None = None
    on_delete: Callable[[Call, Resource], None] | None = None
    on_search: Callable[[Call, Query], Query | None] | None = None
    present: Callable[[Call, str], str] | None = None
    validate: str | Validator = "refuser"
    duplicates: str | Callable[[Call], str] = "accept"
    update_creates: bool = False
    page_parameter: str | None = None
    summary: tuple[str, ...] = ()
    scoped: bool = False
    views: Mapping[Interaction, Callable[..., Response]] = field(default_factory=dict)
    params: Mapping[str, SearchParam] = field(init=False)

    def indexes(self, param: SearchParam) -> bool:
        """Whether a search may start from the values of this parameter."""
        return param.selective and (param.name == "identifier" or not self.scoped)

    def __post_init__(self) -> None:
        object.__setattr__(self, "params", {param.name: param for param in self.search})
