"""`_include`: the resources to which the matches refer, each once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mocks.fhir.declaration import Resource, Scope, SearchParam
from mocks.fhir.outcome import FhirError
from mocks.fhir.search.values import elements, split_reference
from mocks.fhir.store import Stored
from mocks.fhir.web import Web
from mocks.fhir.writes import visible

MOST = 1000  # resources included in a page


def included(web: Web, scope: Scope, matches: Sequence[Stored], includes: Sequence[tuple[str, bool]]) -> list[Stored]:
    """Stored resources that the matches lead to. includes: (`Type:param[:Target]`, iterate).

    An include from another type than the one searched only makes sense with `:iterate`: it is followed all the
    same, with a note (the GAP guide forgets it in its worked query). Raises FhirError 400 for an unknown path.
    """
    rules = [_Rule(web, value, iterate) for value, iterate in includes]
    found: dict[tuple[str, str], Stored] = {}
    seen = {(match.type, match.id) for match in matches}
    current = list(matches)
    first = True
    while current and len(found) < MOST:
        following = []
        for stored in current:
            for address in _addresses(web, rules, stored, first):
                target = None if address in seen else _fetch(web, scope, address)
                if target is not None:
                    seen.add(address)
                    found[address] = target
                    following.append(target)
        current, first = following, False
    return list(found.values())


class _Rule:
    def __init__(self, web: Web, value: str, iterate: bool) -> None:
        if ":" not in value and "." in value:  # `Observation.device`, as the MES examples write it
            web.call.note("include-point", f"« _include={value} » écrit avec un point, lu avec deux-points")
            value = value.replace(".", ":", 1)
        source, _, rest = value.partition(":")
        name, _, self.target = rest.partition(":")
        endpoint = web.server.endpoints.get(source)
        params = {} if endpoint is None else endpoint.params
        wanted = params.values() if name == "*" else [params[name]] if name in params else []
        self.source = source
        self.params: list[SearchParam] = [param for param in wanted if param.kind == "reference"]
        if not self.params:
            raise FhirError(400, f"« _include={value} » ne désigne pas une référence connue.")
        self.iterate = iterate
        if source != web.endpoint.type and not iterate:
            web.call.note(
                "include-sans-iterate", f"« _include={value} » part d'une ressource incluse : lu avec :iterate"
            )
            self.iterate = True


def _addresses(web: Web, rules: Sequence[_Rule], stored: Stored, first: bool) -> Iterator[tuple[str, str]]:
    chosen = [rule for rule in rules if rule.source == stored.type and (first or rule.iterate)]
    resource: Resource = stored.resource if chosen else {}
    for rule in chosen:
        for param in rule.params:
            for path in param.paths:
                for element in elements(resource, (*path.split("."), "reference")):
                    address = _local(web.base, element)
                    if address[0] in web.server.endpoints and rule.target in ("", address[0]):
                        yield address


def _local(base: str, reference: object) -> tuple[str, str]:
    text = reference if isinstance(reference, str) else ""
    return split_reference(text.removeprefix(base + "/"))


def _fetch(web: Web, scope: Scope, address: tuple[str, str]) -> Stored | None:
    found = web.server.repository.get(web.call.session, web.call.tenant.name, *address)
    if found is None or found.deleted or not (visible(found, scope) or not found.compartment):
        return None
    return found
