"""Every scenario of the features as a test. A product must be named: `pytest features --cible cible.toml`."""

from pytest_bdd import scenarios

scenarios(".")
