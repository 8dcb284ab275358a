"""What the product answers when it will not do what it is asked."""

from __future__ import annotations


class Refusal(Exception):  # noqa: N818 - it is an answer of the product, not an error of its code
    """The product refuses: a code for programs, a French sentence for people (422 on the driver)."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
