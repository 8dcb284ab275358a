"""A FHIR R4 REST engine that services declare as data.

A service writes `FhirServer("mes", (FhirEndpoint(...), ...)).register(app)`; the engine adds the routes under
`/fhir`, whose endpoints are the names of the operations (`mes.fhir.appointment.create`).
Acts from the national side (a usager adds an event) go through `FhirServer.repository`.
"""

from mocks.fhir.declaration import (
    CONDITIONAL_CREATE,
    CONDITIONAL_PATCH,
    CONDITIONAL_UPDATE,
    CREATE,
    DELETE,
    HISTORY,
    PATCH,
    READ,
    SEARCH,
    TRANSACTION,
    UPDATE,
    VREAD,
    Demand,
    FhirEndpoint,
    Guard,
    Interaction,
    Query,
    Resource,
    Scope,
    SearchParam,
    date,
    identifier_of,
    open_to_all,
    reference,
    string,
    token,
)
from mocks.fhir.outcome import FhirError, OutcomeIssue, operation_outcome
from mocks.fhir.server import FhirServer
from mocks.fhir.store import Repository, Stored

__all__ = [
    "CONDITIONAL_CREATE",
    "CONDITIONAL_PATCH",
    "CONDITIONAL_UPDATE",
    "CREATE",
    "DELETE",
    "HISTORY",
    "PATCH",
    "READ",
    "SEARCH",
    "TRANSACTION",
    "UPDATE",
    "VREAD",
    "Demand",
    "FhirEndpoint",
    "FhirError",
    "FhirServer",
    "Guard",
    "Interaction",
    "OutcomeIssue",
    "Query",
    "Repository",
    "Resource",
    "Scope",
    "SearchParam",
    "Stored",
    "date",
    "identifier_of",
    "open_to_all",
    "operation_outcome",
    "reference",
    "string",
    "token",
]
