"""The errors of the admin API."""

from __future__ import annotations

from flask import Flask, Response, jsonify
from werkzeug.exceptions import HTTPException


class AdminError(Exception):
    """A refusal of the admin API. status: HTTP; code: stable word; message: French sentence."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


_BY_STATUS = {
    404: ("adresse-inconnue", "Cette adresse n'existe pas dans l'API du banc ; voir /_banc/openapi.json."),
    405: ("methode-refusee", "Cette méthode n'est pas offerte à cette adresse ; voir /_banc/openapi.json."),
    413: ("corps-trop-grand", "Le corps de la requête dépasse la taille admise (5 Mo)."),
}


def answer(status: int, code: str, message: str) -> Response:
    """The JSON answer of an error."""
    response = jsonify({"erreur": code, "message": message})
    response.status_code = status
    return response


def register(app: Flask) -> None:
    """Give every error of this application the same form."""

    @app.errorhandler(AdminError)
    def _refused(error: AdminError) -> Response:
        return answer(error.status, error.code, error.message)

    @app.errorhandler(HTTPException)
    def _http(error: HTTPException) -> Response:
        status = error.code or 500
        code, message = _BY_STATUS.get(status, ("requete-refusee", "La requête n'est pas recevable."))
        return answer(status, code, message)
