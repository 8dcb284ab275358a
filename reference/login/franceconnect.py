"""Usagers by FranceConnect or FranceConnect+: login, whose file it is, logout."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from reference.defects import Defects
from reference.journal import TechnicalLog
from reference.login.kinds import Kind
from reference.login.oidc import Oidc, Tokens
from reference.login.provider import ProviderError
from reference.login.reconciliation import Match, reconciled, words
from reference.login.records import FcAccount, FcSession, LoginRequest
from reference.login.requests import LoginRequests
from reference.people import People
from reference.records import Usager
from reference.refusal import Refusal
from reference.secrecy import quick_hash
from reference.store import Store

DOWN = (
    "{label} ne répond pas. Réessayez plus tard, ou connectez-vous avec votre identifiant et votre mot de passe ; "
    "le reste du portail fonctionne."
)
UNVERIFIED = "La réponse de {label} n'a pas pu être vérifiée : la connexion est refusée."
GIVEN_UP = "Vous avez renoncé à la connexion par {label}."
TO_CONFIRM = (
    "Votre identité est reçue. L'établissement doit encore dire quel est votre dossier : vous serez prévenu, "
    "et pourrez alors vous connecter de nouveau."
)
_ASKED_AGAIN = "Aucun rattachement n'attend pour cette identité."
CLAIMS = (
    "sub",
    "family_name",
    "given_name",
    "birthdate",
    "gender",
    "birthplace",
    "birthcountry",
    "preferred_username",
    "email",
)
_SEX = {"female": "F", "male": "M"}


class FranceConnect:
    """Logins of usagers. oidc: client of a provider for the settings in force; Refusal when there are none."""

    def __init__(
        self,
        store: Store,
        requests: LoginRequests,
        people: People,
        oidc: Callable[[Kind], Oidc],
        defects: Defects,
        log: TechnicalLog,
    ) -> None:
        self._store, self._requests, self._people = store, requests, people
        self._oidc, self._defects, self._log = oidc, defects, log
        self._late: deque[tuple[Kind, str, LoginRequest]] = deque(maxlen=1)

    def start(self, kind: Kind, suite: str) -> tuple[str, str]:
        """Cookie for the browser that begins, and where it goes. Refusal when the provider does not answer."""
        browser, request = self._requests.begin(kind, suite)
        try:
            return browser, self._oidc(kind).authorization_address(request)
        except ProviderError as error:
            raise self._refused(kind, error) from error

    def reachable(self, kind: Kind) -> None:
        """Refusal when the provider does not say where to go: better told before the browser leaves."""
        try:
            self._oidc(kind).provider.reach()
        except ProviderError as error:
            raise self._refused(kind, error) from error

    def come_back(self, kind: Kind, browser: str, query: Mapping[str, str]) -> tuple[str, FcSession, str]:
        """The browser is back: cookie of its session, what was found, page asked for. Refusal when nobody is there."""
        try:
            request = self._requests.taken(kind, browser, query.get("state", ""))
            client = self._oidc(kind)
            try:
                code = client.code_of(query)
                if not code:
                    raise Refusal("abandon", GIVEN_UP.format(label=kind.label))
                tokens = client.redeem(code, request)
                identity = self._identity(client.userinfo(tokens))
            except ProviderError as error:
                if error.code == "invalid_grant":
                    self._late.append((kind, query.get("code", ""), request))
                    if self._defects.has("fc_code_refuse_en_erreur"):
                        raise LookupError("access_token") from error
                raise self._refused(kind, error) from error
        except Refusal as refusal:
            self._requests.refused(browser, refusal.message)
            raise
        return (*self._opened(kind, tokens, identity), request.suite)

    def of(self, cookie: str | None) -> FcSession | None:
        """What FranceConnect said for the session of that cookie, or None."""
        return self._store.get(FcSession, quick_hash(cookie)) if cookie else None

    def insist(self) -> None:
        """Present once more the last code that was refused: only a defect does it."""
        if not self._late or not self._defects.has("fc_code_echange_plus_tard"):
            return
        kind, code, request = self._late.pop()
        with suppress(ProviderError):
            self._oidc(kind).redeem(code, request)

    def waiting(self) -> list[FcSession]:
        """Identities for which a person of the establishment must say whose file it is."""
        return [one for one in self._store.all(FcSession) if one.rapprochement == "a_confirmer" and not one.usager]

    def confirm(self, empreinte: str, usager: str | None) -> str:
        """Link a waiting identity to a file, or (None) to a new one; id of the usager. Refusal when none waits."""
        session = self._store.get(FcSession, empreinte)
        if session is None or session not in self.waiting():
            raise Refusal("rapprochement_inconnu", _ASKED_AGAIN)
        found = self._people.usager(usager).id if usager else self._created(session.pivot).id
        for one in self.waiting():
            if (one.provider, one.sub) == (session.provider, session.sub):
                one.usager = found
                self._store.save(one)
        self._store.save(FcAccount(session.provider, session.sub, found))
        self._people.open_as(session.empreinte, found)
        return found

    def leave(self, kind_of: Callable[[str], Kind], cookie: str) -> str:
        """End the session of that cookie here; where the browser goes to end it at the provider, "" when nowhere."""
        session = self.of(cookie)
        reader = self._people.session(cookie)
        if reader is not None and not self._defects.has("session_qui_reste_ouverte"):
            self._people.close(reader.usager, cookie)
        if session is None:
            return ""
        kind = kind_of(session.provider)
        self._store.delete(session)
        if self._defects.has(kind.switch("deconnexion_locale_seulement")):
            return ""
        try:
            return self._oidc(kind).logout_address(session.id_token, self._requests.leave(kind))
        except (ProviderError, Refusal) as error:
            self._log.write(f"déconnexion de {kind.label} impossible : {error}")
            return ""

    def _opened(self, kind: Kind, tokens: Tokens, identity: dict[str, str]) -> tuple[str, FcSession]:
        """The session of that identity: on its file when that is certain, waiting for a person when it is not."""
        known = self._account(kind, identity)
        match = Match("automatique", (known.usager,)) if known else self._matched(kind, identity)
        if known and self._defects.has("fc_sub_oublie"):
            known, match = None, Match("nouveau")
        usager = ""
        if match.verdict == "automatique":
            usager = match.usagers[0]
        elif match.verdict == "nouveau":
            usager = self._created(identity).id
        if usager and known is None:
            self._store.save(FcAccount(kind.name, identity["sub"], usager))
        if usager and self._defects.has("fc_donne_un_matricule"):
            self._qualify(usager)
        cookie = self._people.open(usager) if usager else self._people.cookie()
        session = FcSession(
            empreinte=quick_hash(cookie),
            provider=kind.name,
            sub=identity["sub"],
            id_token=tokens.id_token,
            pivot=identity,
            rapprochement=match.verdict,
            usager=usager,
            candidats=list(match.usagers) if match.verdict == "a_confirmer" else [],
        )
        self._store.save(session)
        return cookie, session

    def _account(self, kind: Kind, identity: Mapping[str, str]) -> FcAccount | None:
        found = self._store.get(FcAccount, f"{kind.name} {identity['sub']}")
        if found is None and identity.get("email"):
            same = next((u for u in self._store.all(Usager) if u.courriel == identity["email"]), None)
            if same is not None and self._defects.has("fc_compte_par_courriel"):
                return FcAccount(kind.name, identity["sub"], same.id)
        return found

    def _matched(self, kind: Kind, identity: Mapping[str, str]) -> Match:
        taken = [one.usager for one in self._store.all(FcAccount) if one.provider == kind.name]
        match = reconciled(identity, self._store.all(Usager), taken)
        if match.verdict == "a_confirmer" and self._defects.has("fc_doute_tranche_seul"):
            return Match("automatique", match.usagers[:1])
        if match.verdict == "automatique" and self._differs(identity, match.usagers[0]):
            return Match("nouveau") if self._defects.has("fc_rapprochement_litteral") else match
        return match

    def _differs(self, identity: Mapping[str, str], usager_id: str) -> bool:
        """Whether the identity is not written letter for letter as the file: only a defect asks."""
        usager = self._people.usager(usager_id)
        written = (usager.nom, " ".join(usager.prenoms))
        return (identity.get("family_name"), identity.get("given_name")) != written

    def _identity(self, userinfo: Mapping[str, Any]) -> dict[str, str]:
        """The claims as texts. ProviderError when a trait is missing; born abroad, the place of birth is empty."""
        said = {name: value for name, value in userinfo.items() if name in CLAIMS and isinstance(value, str)}
        missing = [name for name in ("family_name", "given_name", "birthdate", "gender") if not said.get(name)]
        if missing or not words(said["family_name"]):
            raise ProviderError("identite_incomplete")
        if not said.get("birthplace") and self._defects.has("fc_naissance_a_l_etranger_refusee"):
            raise ProviderError("identite_incomplete")
        if self._particular(said):
            raise ProviderError("identite_incomplete")
        return said

    def _particular(self, said: Mapping[str, str]) -> bool:
        """Whether a birth or a name has something that a defect does not admit."""
        return (
            (said.get("birthplace", "")[:2] in ("2A", "2B") and self._defects.has("fc_naissance_en_corse_refusee"))
            or (said["birthdate"].endswith("-01") and self._defects.has("fc_jour_inconnu_refuse"))
            or ("-" in said["given_name"] and self._defects.has("fc_prenom_compose_refuse"))
        )

    def _created(self, identity: Mapping[str, str]) -> Usager:
        """Open a file with a pivot identity: neither matricule nor status comes from FranceConnect (RNIV R20)."""
        return self._people.declare(
            nom=identity["family_name"],
            prenoms=identity["given_name"].split(),
            sexe=_SEX.get(identity["gender"], ""),
            date_naissance=identity["birthdate"],
            courriel=identity.get("email", ""),
            lieu_naissance=identity.get("birthplace") or identity.get("birthcountry", ""),
        )

    def _qualify(self, usager_id: str) -> None:
        """Write a matricule: only a defect does it."""
        usager = self._people.usager(usager_id)
        usager.ins = usager.ins or {"matricule": "255069999999934", "oid": "1.2.250.1.213.1.4.10"}
        self._store.save(usager)

    def _refused(self, kind: Kind, error: ProviderError) -> Refusal:
        self._log.write(f"connexion {kind.label} non aboutie : {error.code}")
        if error.is_outage:
            return Refusal("fournisseur_indisponible", DOWN.format(label=kind.label))
        return Refusal("fournisseur_refus", UNVERIFIED.format(label=kind.label))
