"""argparse in French: headings, help option and usage errors."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable
from typing import Any, NoReturn

_HEADINGS = (("usage: ", "usage : "), ("options:", "options :"), ("positional arguments:", "arguments :"))
_ERRORS = (
    (r"the following arguments are required: (.*)", r"il manque : \1"),
    (r"unrecognized arguments: (.*)", r"argument inconnu : \1"),
    (r"argument (.+?): expected one argument", r"« \1 » attend une valeur"),
    (r"argument (.+?): expected at least one argument", r"« \1 » attend au moins une valeur"),
    (r"argument (.+?): invalid choice: (.+?) \(choose from (.*)\)", r"« \1 » : \2 n'est pas l'une des valeurs \3"),
    (r"argument (.+?): invalid (\w+) value: (.*)", r"« \1 » : valeur refusée \3"),
    (r"argument (.+?): not allowed with argument (.*)", r"« \1 » ne va pas avec « \2 »"),
    (r"ambiguous option: (.+?) could match (.*)", r"option ambiguë : \1 peut être \2"),
)


class FrenchParser(argparse.ArgumentParser):
    """An ArgumentParser whose every word is French; a usage error exits with code 2."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("formatter_class", argparse.RawDescriptionHelpFormatter)
        super().__init__(add_help=False, allow_abbrev=False, **options)
        self.add_argument("-h", "--help", "--aide", action="help", help="montrer cette aide et sortir")

    def format_usage(self) -> str:
        return _french_headings(super().format_usage())

    def format_help(self) -> str:
        return _french_headings(super().format_help())

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.format_usage()}banc : {french_error(message)}\n")


def french_error(message: str) -> str:
    """The sentence of argparse in French; left as it is when unknown."""
    for pattern, replacement in _ERRORS:
        if re.fullmatch(pattern, message):
            return re.sub(pattern, replacement, message)
    return message


def _french_headings(text: str) -> str:
    for english, french in _HEADINGS:
        text = text.replace(english, french)
    return text


def listed(codes: Iterable[tuple[int, str]]) -> str:
    """Lines « code  meaning » for the end of a help text."""
    return "\n".join(f"  {code}  {meaning}" for code, meaning in codes)
