"""Everything that can go wrong in a run without being the fault of the product's behaviour.

    HarnessError
    ├── SetUpError            the run cannot start as it is described      (exit 2)
    │   └── TargetError       `cible.toml` is wrong: key, line, closest known key
    ├── ProductUnreachable    nobody answers where the driver should be    (exit 3)
    ├── DriverError           the product's driver breaks the vocabulary   (exit 2)
    │   └── ProductBroke      the product stopped in the middle of an action
    ├── ParameterError        a step asks for an action with wrong parameters (exit 4)
    ├── SandboxError          the sandbox is unreachable or refuses        (exit 4)
    ├── NotTestableHere       this mode cannot play the scenario: it is `non testé`
    └── NotConcerned          the scenario is not for this product: it is `non applicable`
        ├── ActionNotOffered  the product does not offer the action
        ├── ServiceNotClaimed `cible.toml` has no section for the service
        ├── ApiNotExposed     the section does not say where the product exposes its API
        └── UseNotServed      the section does not name this use of the service

None of them is ever a verdict on the product, but for one: a product that breaks after the bench gave it an odd but
legal answer (a fault that the scenario asked for) fails the scenario (`harness/judging.py`).
"""

from __future__ import annotations


class HarnessError(Exception):
    """Base of this tree; its text is French and meant for the person who launched the run."""


class SetUpError(HarnessError):
    """The run cannot start as it is described."""


class TargetError(SetUpError):
    """A fault of `cible.toml`.

    key: dotted key in the file, or empty; line: line number from 1, or 0 when the key is not in the file.
    """

    def __init__(self, message: str, *, key: str = "", line: int = 0) -> None:
        super().__init__(message)
        self.key = key
        self.line = line


class ProductUnreachable(HarnessError):  # noqa: N818 (name of the contract)
    """Nobody answers at the address of the driver."""


class DriverError(HarnessError):
    """The product's driver answered something that the vocabulary does not know.

    status: what the journal keeps of it (500 unless the driver gave another one).
    """

    def __init__(self, message: str, *, status: int = 500) -> None:
        super().__init__(message)
        self.status = status


class ProductBroke(DriverError):  # noqa: N818 (a fact about the product)
    """The product stopped in the middle of an action: it answered 500, or raised something that is no refusal."""


class ParameterError(HarnessError):
    """The bench asked for an action with parameters that its own vocabulary refuses."""


class SandboxError(HarnessError):
    """The sandbox does not answer, or refuses what the harness asks. status: of its answer, 0 when there is none."""

    def __init__(self, message: str, *, status: int = 0) -> None:
        super().__init__(message)
        self.status = status


class NotTestableHere(HarnessError):  # noqa: N818 (a reason, not an error)
    """The scenario needs what this mode has not, real sockets for instance."""


class NotConcerned(HarnessError):  # noqa: N818 (a reason, not an error)
    """The scenario is not for this product."""


class ServiceNotClaimed(NotConcerned):
    """`cible.toml` has no section for a service that the scenario needs."""

    def __init__(self, section: str) -> None:
        super().__init__(f"cible.toml n'a pas de section [{section}] : le produit n'utilise pas ce service")


class ActionNotOffered(NotConcerned):
    """The product does not offer this action."""

    def __init__(self, action: str) -> None:
        super().__init__(f"le produit n'offre pas l'action « {action} »")
        self.action = action


class ApiNotExposed(NotConcerned):
    """The section of the service does not say where the product exposes its API."""

    def __init__(self, section: str) -> None:
        super().__init__(f"la section [{section}] de cible.toml ne dit pas où le produit expose son API")


class UseNotServed(NotConcerned):
    """The section of the service says that the product does not serve this use of it."""

    def __init__(self, section: str, key: str, use: str) -> None:
        super().__init__(f"la section [{section}] de cible.toml ne nomme pas « {use} » parmi ses {key}")
