"""Media types, preferences and preconditions: the headers of FHIR R4 (http.html)."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from mocks.call import Call
from mocks.fhir.outcome import FhirError

MEDIA_TYPE = "application/fhir+json"
CONTENT_TYPE = f"{MEDIA_TYPE}; charset=utf-8"
# Not the registered name, but read all the same, with a note.
_TOLERATED = ("application/json", "application/json+fhir", "text/json")
_FORMATS = (MEDIA_TYPE, "application/fhir json", "json", "application/json")
_ANY = ("*/*", "application/*", "")
_ETAG = re.compile(r'\s*(?:W/)?"([^"]*)"\s*')


def check_accept(call: Call, accept: str, format_: str, names: Collection[str] = ()) -> None:
    """Raise FhirError 406 when the client does not take FHIR JSON.

    format_: value of `_format`, which wins. names: other names of FHIR JSON that the service's guide prints.
    """
    if format_:
        if format_ not in _FORMATS:
            raise FhirError(406, f"Le format « {format_} » n'est pas proposé ; attendu : {MEDIA_TYPE}.")
        return
    if not accept or accept == MEDIA_TYPE:
        return
    wanted = [_media_type(part) for part in accept.split(",")]
    if any(kind == MEDIA_TYPE or kind in names or kind in _ANY for kind in wanted):
        return
    tolerated = next((kind for kind in wanted if kind in _TOLERATED), None)
    if tolerated is None:
        raise FhirError(406, f"Le type « {accept} » n'est pas proposé ; attendu : {MEDIA_TYPE}.")
    call.note("accept-non-fhir", f"en-tête Accept « {tolerated} » toléré ; attendu : {MEDIA_TYPE}")


def check_content_type(call: Call, content_type: str) -> None:
    """Raise FhirError 415 for a body that is not declared as FHIR JSON in UTF-8."""
    kind = _media_type(content_type)
    if kind != MEDIA_TYPE and kind not in _TOLERATED:
        shown = content_type or "absent"
        raise FhirError(415, f"Le type du corps est « {shown} » ; attendu : {MEDIA_TYPE}.")
    charset = re.search(r"charset=\"?([\w-]+)", content_type, re.IGNORECASE)
    if charset and charset[1].lower() not in ("utf-8", "utf8"):
        raise FhirError(415, f"Le jeu de caractères « {charset[1]} » n'est pas accepté ; attendu : UTF-8.")
    if kind != MEDIA_TYPE:
        call.note("type-non-fhir", f"type du corps « {kind} » toléré ; attendu : {MEDIA_TYPE}")


def preferences(prefer: str) -> Mapping[str, str]:
    """The preferences of a `Prefer` header (RFC 7240), such as {"return": "minimal", "handling": "strict"}."""
    pairs = (part.partition("=") for part in re.split(r"[;,]", prefer))
    return {name.strip().lower(): value.strip().strip('"') for name, _, value in pairs if name.strip()}


def etag(version: int) -> str:
    """ETag of a version."""
    return f'W/"{version}"'


def wanted_version(if_match: str) -> str | None:
    """Version asked by `If-Match`, None when the header is absent. Raises FhirError 400 when it cannot be read."""
    if not if_match or if_match.strip() == "*":
        return None
    match = _ETAG.fullmatch(if_match)
    if match is None:
        raise FhirError(400, f'If-Match illisible : « {if_match} » ; attendu : W/"version".')
    return match[1]


def known_versions(if_none_match: str) -> list[str]:
    """Versions that the client holds, from `If-None-Match`."""
    return _ETAG.findall(if_none_match)


def _media_type(value: str) -> str:
    return value.partition(";")[0].strip().lower()
