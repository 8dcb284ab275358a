"""How the bench asks the product to act. A driver moves an action; it judges nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol
from wsgiref.types import WSGIApplication

from harness.errors import SetUpError

if TYPE_CHECKING:
    from harness.target_sections import DriverSettings

__all__ = ["Answer", "Driver", "open_driver"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the product answered: done with a result, or refused with a code and a message for its user."""

    result: Mapping[str, Any] = field(default_factory=dict)
    refused: bool = False
    error: str = ""
    message: str = ""

    @property
    def status(self) -> int:
        """Status kept in the journal (architecture §2)."""
        return 422 if self.refused else 200


class Driver(Protocol):
    """One way of reaching a product.

    application and url: the pages of a product that runs in this process, and their base URL;
    None and "" when the product serves its pages itself.
    """

    application: WSGIApplication | None
    url: str

    def offers(self, action: str) -> bool:
        """Whether the product offers this action. Raises ProductUnreachable."""

    def perform(self, action: str, params: Mapping[str, Any]) -> Answer:
        """Ask for one action, with parameters already prepared.

        Raises ActionNotOffered, ProductUnreachable, DriverError.
        """

    def serve_at(self, url: str) -> None:
        """Tell a product of this process at which base URL its pages are served."""

    def close(self) -> None:
        """Release connections; the driver cannot be used afterwards."""


def open_driver(settings: DriverSettings, defect: str = "") -> Driver:
    """The driver that `cible.toml` asks for.

    defect: id of a seeded defect, added to the option `defects` of a Python product (only the bench's own has it).
    Raises SetUpError for a driver that this version does not have, or a class that cannot be loaded.
    """
    from harness.drivers.http import HttpDriver
    from harness.drivers.python import PythonDriver

    if settings.kind == "http":
        if defect:
            raise SetUpError("L'option --defaut ne vaut que si pilote.type vaut « python ».")
        return HttpDriver(settings.url, timeout_s=settings.timeout_s)
    if settings.kind == "python":
        defects = [*settings.options.get("defects", ()), *filter(None, [defect])]
        options = {**settings.options, "defects": defects} if defects else settings.options
        return PythonDriver.load(settings.class_path, options)
    raise SetUpError(
        f"Le pilote « {settings.kind} » est annoncé pour une version suivante du banc. "
        "Pilotes disponibles aujourd'hui : « http » et « python »."
    )
