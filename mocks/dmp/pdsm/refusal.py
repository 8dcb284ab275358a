"""Refusals of the FHIR face: those of the registry and of the VIHF, as OperationOutcome (sheet DMP §9, §11)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from mocks.call import Call
from mocks.dmp.errors import PROBLEMS
from mocks.dmp.pdsm.names import KNOWN, REFUSALS
from mocks.dmp.refusals import RefusedError, XdsError
from mocks.fhir import FhirError, OutcomeIssue
from mocks.soap.faults import SoapFaultError

SCHEME = "IHE-SAML"
_USUAL: dict[str, Any] = {"statut": 422, "code": "business-rule"}
_OWN: dict[str, Any] = {"statut": 403, "code": "forbidden"}


@contextmanager
def told(call: Call, places: Mapping[str, str] | None = None) -> Iterator[None]:
    """Turn what the registry or the VIHF refuses into a FhirError, told to the journal. places: FHIRPath by id."""
    try:
        yield
    except RefusedError as error:
        call.context["refusal"] = error.errors[0].refusal or error.errors[0].code
        call.context["errors"] = [one.as_json() for one in error.errors]
        raise of_registry(error.errors, places or {}) from None
    except SoapFaultError as error:
        call.context["refusal"] = error.code
        raise of_vihf(error) from None


def of_registry(errors: Sequence[XdsError], places: Mapping[str, str]) -> FhirError:
    """The refusal that these errors make; the first one gives the status. places: FHIRPath by location."""
    issues = [
        OutcomeIssue(
            _row(one)["code"],
            one.text,
            at=places.get(one.location, ""),
            details=(REFUSALS, one.refusal or one.code),
        )
        for one in errors
    ]
    return FhirError(_row(errors[0])["statut"], issues=issues)


def of_vihf(error: SoapFaultError) -> FhirError:
    """401 for an assertion that is none, 403 for one that may not."""
    row = PROBLEMS.get(error.code, {"statut": 400, "texte": "L'assertion n'est pas lisible."})
    status = 403 if row["statut"] == 403 else 401
    headers = {"WWW-Authenticate": SCHEME} if status == 401 else {}
    text = f"{row['texte']} {error.what}".strip()
    return FhirError(status, text, details=(REFUSALS, error.code), headers=headers)


def _row(error: XdsError) -> dict[str, Any]:
    return _OWN if error.refusal else KNOWN["erreurs"].get(error.code, _USUAL)
