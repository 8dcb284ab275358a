"""Hands every feature of this folder to pytest: `pytest features --cible cible.toml`."""

from pytest_bdd import scenarios

scenarios(".")
