"""Accounts of the professionals of the establishment. The key between PSC and an account is the national identifier."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from reference.records import Record
from reference.refusal import Refusal
from reference.secrecy import slow_hash
from reference.store import Store

EVERYDAY_RIGHTS = ("ins", "dossier")
"""Rights of an account declared without any: INSi and the INS, and the files."""


@dataclass
class Professional(Record, key="id"):
    """An account of the DUI. `identifiant_national` is the SubjectNameID of PSC, "" when it is not known.

    profession, specialite: `code`, `systeme`, `libelle`, empty when the account does not say them.
    """

    id: str
    nom: str
    prenom: str
    identifiant_national: str
    identifiant_local: str
    droits: list[str]
    empreinte: str = ""
    courriers: list[str] = field(default_factory=list)
    profession: dict[str, str] = field(default_factory=dict)
    specialite: dict[str, str] = field(default_factory=dict)

    def may(self, right: str) -> bool:
        """Whether the account has this right (`ins`, `dossier`, `identite`, `administration`)."""
        return right in self.droits


class Professionals:
    """All accounts of the DUI."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def declare(
        self,
        nom: str,
        prenom: str,
        identifiant_national: str = "",
        identifiant_local: str = "",
        droits: Sequence[str] | None = None,
        profession: Mapping[str, str] | None = None,
        specialite: Mapping[str, str] | None = None,
    ) -> Professional:
        """Open an account; its password is sent by post (`courriers`). Refusal when an identifier is taken."""
        if identifiant_national and self.by_national_id(identifiant_national) is not None:
            raise Refusal("identifiant_pris", "Un compte porte déjà cet identifiant national.")
        known = self._store.all(Professional)
        local = identifiant_local or f"pro{len(known) + 1:05d}"
        if any(one.identifiant_local == local for one in known):
            raise Refusal("identifiant_pris", "Un compte porte déjà cet identifiant local.")
        password = secrets.token_urlsafe(12)
        made = Professional(
            id=f"p-{secrets.token_hex(6)}",
            nom=nom,
            prenom=prenom,
            identifiant_national=identifiant_national,
            identifiant_local=local,
            droits=list(EVERYDAY_RIGHTS if droits is None else droits),
            empreinte=slow_hash(password),
            courriers=[password],
            profession=dict(profession or {}),
            specialite=dict(specialite or {}),
        )
        self._store.save(made)
        return made

    def get(self, account: str) -> Professional:
        """The account; Refusal when the product does not have it."""
        found = self._store.get(Professional, account)
        if found is None:
            raise Refusal("professionnel_inconnu", "Le produit ne connaît pas ce professionnel.")
        return found

    def by_national_id(self, national_id: str) -> Professional | None:
        """The account of that SubjectNameID, or None: a name never makes a link (référentiel PSC, EX PSC 19)."""
        wanted = national_id.strip()
        return next(
            (one for one in self._store.all(Professional) if wanted and one.identifiant_national == wanted), None
        )

    def by_name(self, nom: str, prenom: str) -> Professional | None:
        """The first account of that name: only a defect asks."""
        wanted = (nom.casefold(), prenom.casefold())
        return next(
            (o for o in self._store.all(Professional) if (o.nom.casefold(), o.prenom.casefold()) == wanted), None
        )

    def by_password(self, local_id: str, password: str) -> Professional | None:
        """The account of that local identifier and password, or None."""
        found = next((one for one in self._store.all(Professional) if one.identifiant_local == local_id), None)
        right = found is not None and hmac.compare_digest(found.empreinte, slow_hash(password))
        return found if right else None
