"""Parameters of a search that shape the answer rather than choose the matches."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mocks.call import Call
from mocks.fhir.declaration import FhirEndpoint, Query
from mocks.fhir.outcome import FhirError

if TYPE_CHECKING:
    from mocks.fhir.server import FhirServer

_SILENT = ("_format", "_pretty", "_total")
_SUMMARIES = ("true", "false", "count", "data", "text")
PAGE = "_page"


@dataclass
class SearchRequest:
    """A search as asked. conditions: what chooses the matches. page: mark of a kept page. number: page number."""

    conditions: list[tuple[str, str]] = field(default_factory=list)
    kept: list[tuple[str, str]] = field(default_factory=list)  # controls to repeat in links
    size: int = 50
    sort: str = ""
    includes: list[tuple[str, bool]] = field(default_factory=list)  # (value, iterate)
    elements: tuple[str, ...] = ()
    summary: str = ""
    page: str | None = None
    number: str | None = None

    @property
    def count_only(self) -> bool:
        """Whether only the total is wanted."""
        return self.summary == "count" or self.size == 0


def read_request(call: Call, server: FhirServer, endpoint: FhirEndpoint, query: Query) -> SearchRequest:
    """Sort the parameters of a query. Raises FhirError 400 for a control parameter that makes no sense."""
    asked = SearchRequest(size=page_default(call, server))
    for name, value in query:
        if name in _SILENT:
            continue
        if not _control(call, server, endpoint, asked, name, value):
            asked.conditions.append((name, value))
        elif name != PAGE and name != endpoint.page_parameter:
            asked.kept.append((name, value))
    return asked


def _control(
    call: Call, server: FhirServer, endpoint: FhirEndpoint, asked: SearchRequest, name: str, value: str
) -> bool:
    match name:
        case "_count":
            asked.size = _size(call, server, value)
        case "_sort":
            asked.sort = value
        case "_include" | "_include:iterate" | "_include:recurse":
            asked.includes.append((value, name != "_include"))
        case "_elements":
            asked.elements = tuple(part for part in value.split(",") if part)
        case "_summary":
            if value not in _SUMMARIES:
                raise FhirError(
                    400, f"« _summary » prend une valeur parmi {', '.join(_SUMMARIES)} ; reçu : « {value} »."
                )
            asked.summary = value
        case "_page":
            asked.page = value
        case _ if name == endpoint.page_parameter:
            asked.number = value
        case _:
            return False
    return True


def _size(call: Call, server: FhirServer, value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) < 10):
        raise FhirError(400, f"« _count » est un entier positif ; reçu : « {value} ».")
    maximum = int(_setting(call, "fhir_page_maximum", server.page_maximum))
    if int(value) > maximum:
        if server.refuse_large_pages:
            raise FhirError(400, f"« _count » vaut au plus {maximum} ; reçu : {value}.", code="too-costly")
        call.note("page-reduite", f"« _count={value} » ramené à {maximum}")
    return min(int(value), maximum)


def page_default(call: Call, server: FhirServer) -> int:
    """Matches of a page when the caller says nothing."""
    return int(_setting(call, "fhir_page_default", server.page_default))


def _setting(call: Call, key: str, otherwise: int) -> int:
    return int(call.setting(key)) if key in call.service.settings else otherwise
