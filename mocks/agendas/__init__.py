"""A manager of shared agendas (CI-SIS GAP 3.0.0), that services declare: who owns agendas, slots, booking, statuses.

`Manager("gap")` is one with its own state; a service adds what is its own with the hooks of the manager.
"""

from mocks.agendas.manager import Manager
from mocks.agendas.state import State

__all__ = ["Manager", "State"]
