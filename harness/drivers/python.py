"""Driver in Python: the product is a class, one method per action."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any
from wsgiref.types import WSGIApplication

from harness.drivers import Answer
from harness.errors import ActionNotOffered, ProductBroke, SetUpError
from harness.french import shown


class PythonDriver:
    """Calls the methods of an object.

    The object may also offer `application` (WSGI application of its pages) with `url` (their base URL, which the
    bench writes when it serves them itself), and `close()`. A method refuses by raising an exception that has
    the text attributes `code` (or `erreur`) and `message`, and says that it is not offered by raising
    NotImplementedError.
    """

    def __init__(self, product: object) -> None:
        self._product = product
        self.application: WSGIApplication | None = getattr(product, "application", None)
        self.url = str(getattr(product, "url", "") or "").rstrip("/")

    @classmethod
    def load(cls, class_path: str, options: Mapping[str, Any]) -> PythonDriver:
        """Build the product named `module:Classe` with these keyword options.

        Raises SetUpError (French) when the module, the class or its construction fails.
        """
        module_name, _, class_name = class_path.partition(":")
        try:
            factory = getattr(import_module(module_name), class_name)
        except (ImportError, AttributeError, ValueError) as error:
            raise SetUpError(
                f"La classe du produit « {class_path} » (clé pilote.classe) ne peut pas être chargée : {error}."
            ) from error
        try:
            return cls(factory(**options))
        except Exception as error:
            raise SetUpError(
                f"Le produit « {class_path} » ne démarre pas avec les options {shown(dict(options))} : "
                f"{type(error).__name__}, {error}."
            ) from error

    def offers(self, action: str) -> bool:
        return callable(getattr(self._product, action, None))

    def perform(self, action: str, params: Mapping[str, Any]) -> Answer:
        if not self.offers(action):
            raise ActionNotOffered(action)
        try:
            result = getattr(self._product, action)(**params)
        except NotImplementedError:
            raise ActionNotOffered(action) from None
        except Exception as error:
            return _refusal(error, action)
        return Answer(result={} if result is None else result)

    def defects_met(self) -> frozenset[str]:
        """Seeded defects whose place in the product was reached since the last call (only the bench's own has any)."""
        met = getattr(self._product, "defauts_rencontres", None)
        return frozenset(met()) if callable(met) else frozenset()

    def serve_at(self, url: str) -> None:
        self.url = url.rstrip("/")
        setattr(self._product, "url", self.url)  # noqa: B010 (an attribute of the vendor's class, unknown to mypy)

    def close(self) -> None:
        close = getattr(self._product, "close", None)
        if callable(close):
            close()


def _refusal(error: Exception, action: str) -> Answer:
    code = getattr(error, "erreur", getattr(error, "code", None))
    message = getattr(error, "message", None)
    if isinstance(code, str) and isinstance(message, str):
        return Answer(refused=True, error=code, message=message)
    raise ProductBroke(
        f"Le produit s'arrête pendant l'action « {action} » : {type(error).__name__}, {error}."
    ) from error
