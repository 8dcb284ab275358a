"""The Flask application of the service: every refusal is a SOAP fault."""

from __future__ import annotations

from flask import Flask, Response, request
from werkzeug.exceptions import MethodNotAllowed, RequestEntityTooLarge

from mocks.dmp import urls, views
from mocks.dmp.errors import FAULTS
from mocks.dmp.pdsm.api import FHIR
from mocks.fhir import FhirError
from mocks.fhir.web import bench_refusal
from mocks.fhir.web import refusal as fhir_refusal
from mocks.soap.faults import SoapFaultError
from mocks.soap.names import MEDIA_TYPE


def build() -> Flask:
    """Make the application."""
    app = Flask("mocks.dmp", static_folder=None)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    urls.add_routes(app)
    FHIR.register(app)
    app.register_error_handler(SoapFaultError, _refused)
    app.register_error_handler(MethodNotAllowed, _other_method)
    app.register_error_handler(RequestEntityTooLarge, _too_large)
    return app


def refusal(path: str, status: int, code: str, text: str) -> tuple[str, bytes]:
    """Media type and body of a refusal of the bench itself."""
    if path.startswith("/fhir"):
        return bench_refusal(path, status, code, text)
    return MEDIA_TYPE, FAULTS.answer(code, text)[1]


def _refused(error: SoapFaultError) -> Response:
    return views.fault(error.code, error.what)


def _other_method(_error: MethodNotAllowed) -> Response:
    return views.fault("banc_methode")


def _too_large(_error: RequestEntityTooLarge) -> Response:
    if request.path.startswith("/fhir"):
        return fhir_refusal(FhirError(413, "Le corps dépasse la taille acceptée."))
    return views.fault("banc_taille")
