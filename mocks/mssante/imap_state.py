"""Where a connection of IMAP is: pymap's state, which is entered by `enter` instead of passwords."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from pymap.config import BackendCapability, IMAPConfig
from pymap.imap.state import ConnectionState
from pymap.parsing import Params
from pymap.parsing.response.code import Capability
from pysasl import SASLAuth

from mocks.mssante import submission
from mocks.mssante.imap_store import StoreSession


class Config(IMAPConfig):
    """What pymap asks of its settings."""

    def __init__(self, context: Any) -> None:
        args = Namespace(passlib_cfg=None, proxy_protocol=None)
        super().__init__(
            args,
            host=None,
            port=0,
            ssl_context=context,
            hash_context=object(),  # type: ignore[arg-type]  # no password is ever looked at
            cpu_subsystem=object(),  # type: ignore[arg-type]
            max_append_len=submission.HARD_LIMIT,
        )

    @property
    def backend_capability(self) -> BackendCapability:
        return BackendCapability(idle=True, object_id=True, multi_append=False)

    @property
    def parsing_params(self) -> Params:
        return Params(max_append_len=submission.HARD_LIMIT)


class State(ConnectionState):
    """Where a connection is: pymap's, which enters by `enter` instead of passwords."""

    mechanisms: tuple[str, ...] = ()

    def __init__(self, config: Config) -> None:
        super().__init__(None, config)  # type: ignore[arg-type]  # the login is ours
        self.auth = SASLAuth([])

    @property
    def capability(self) -> Capability:
        if self._session:
            return Capability(self._capability)
        offered = [f"AUTH={name}".encode() for name in self.mechanisms]
        return Capability([*self._capability, b"SASL-IR", b"LOGINDISABLED", *offered])

    def enter(self, session: StoreSession) -> None:
        """Somebody has shown that this mailbox is hers."""
        self._session = session
        self._capability.extend(self.config.login_capability)
