"""Pages that say why a request is refused, where no client can be told."""

from __future__ import annotations


class PageError(Exception):
    """A page that cannot be shown. status: HTTP; title, text: what the person reads; code: the official one, or ""."""

    def __init__(self, status: int, title: str, text: str, code: str = "") -> None:
        super().__init__(text)
        self.status, self.title, self.text, self.code = status, title, text, code


def gone() -> PageError:
    """The request of authorization is not there any more."""
    text = "Cette demande n'existe pas, a déjà été traitée ou a expiré. Recommencez depuis votre logiciel."
    return PageError(404, "Demande introuvable", text)
