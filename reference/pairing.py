"""Pairing with MES: the journey of the usager, the tokens, and what a refusal of MES changes."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import httpx

from reference.config import FINALITIES, FINALITY_LABELS, MesSettings, Settings
from reference.defects import Defects
from reference.journal import TechnicalLog
from reference.oauth import Grant, OAuth, OAuthError
from reference.people import People
from reference.records import Journey, Message, Pairing, Received, Session, Usager
from reference.refusal import Refusal
from reference.store import Store
from reference.wire import Wire

MESSAGES = {
    "non_apparie": "Votre compte n'est pas relié à Mon espace santé.",
    "en_cours": "La liaison avec Mon espace santé est en cours : terminez-la dans Mon espace santé.",
    "apparie": "Votre compte est relié à Mon espace santé.",
    "rompu": "La liaison avec Mon espace santé est rompue. Reliez de nouveau votre compte pour reprendre les échanges.",
    "suspendu": "Mon espace santé a suspendu les échanges de ce service. Vos données sont conservées ici ; "
    "les envois reprendront quand la suspension sera levée.",
    "a_reapprouver": "Confirmez dans Mon espace santé les autorisations données par votre représentant légal : "
    "les échanges sont arrêtés en attendant.",
    "a_reconnaitre": "Ce service a changé de version : prenez-en connaissance dans Mon espace santé "
    "pour autoriser les nouveaux échanges.",
}


@dataclass(frozen=True)
class Effect:
    """What a refusal of MES does to the pairing."""

    state: str
    alert: str = ""
    forget: bool = False
    purge: bool = False


EFFECTS = {
    "INVALID_TOKEN": Effect("rompu", forget=True, purge=True),
    "INVALID_ID_TOKEN": Effect("rompu", forget=True, purge=True),
    "PAIRING_REVOKED": Effect("rompu", forget=True, purge=True),
    "IDPE_MISMATCH": Effect(
        "rompu", "L'identifiant de l'usager ne correspond pas à son jeton.", forget=True, purge=True
    ),
    "PAIRING_SUSPENDED": Effect("suspendu"),
    "REAPPROVAL_REQUIRED": Effect("a_reapprouver"),
    "ACKNOWLEDGEMENT_REQUIRED": Effect("a_reconnaitre"),
    "SERVICE_NOT_REFERENCED": Effect("suspendu", "Le service n'est pas référencé auprès de Mon espace santé."),
    "OID_MISMATCH": Effect("apparie", "Mon espace santé refuse l'OID du produit (409) : vérifier la configuration."),
}
"""Codes of the 401, 403 and 409 answers; an unknown 403 suspends. CONSENT_REQUIRED stops one finality only."""

_IGNORED_BY = {
    "PAIRING_REVOKED": "revocation_ignoree",
    "PAIRING_SUSPENDED": "suspension_ignoree",
    "SERVICE_NOT_REFERENCED": "dereferencement_ignore",
    "REAPPROVAL_REQUIRED": "majorite_ignoree",
    "ACKNOWLEDGEMENT_REQUIRED": "version_ignoree",
    "CONSENT_REQUIRED": "refus_de_consentement_ignore",
    "INVALID_TOKEN": "ignore_401_final",
    "OID_MISMATCH": "reessaie_409",
}


class Pairings:
    """Pairings of all usagers."""

    def __init__(
        self,
        store: Store,
        people: People,
        wire: Wire,
        settings: Callable[[], Settings],
        defects: Defects,
        log: TechnicalLog,
        now: Callable[[], float],
    ) -> None:
        self._store, self._people, self._wire = store, people, wire
        self._settings, self._defects, self._log, self._now = settings, defects, log, now
        self._oauth: tuple[MesSettings, OAuth] | None = None

    def of(self, usager_id: str) -> Pairing:
        """The pairing of that usager, as the product knows it."""
        return self._store.get(Pairing, usager_id) or Pairing(usager_id)

    def made_after(self, pairing: Pairing) -> list[Pairing]:
        """Pairings of other usagers first made after this one: whose things a careless product mixes with its own."""
        everyone = self._store.all(Pairing)
        place = next((n for n, other in enumerate(everyone) if other.usager == pairing.usager), len(everyone))
        return everyone[place + 1 :]

    def start(self, session: Session, subject: Usager) -> str:
        """Begin a journey for `subject`, bound to this session; return where the browser must go."""
        verifier = self.oauth.new_verifier()
        state = "etat" if self._defects.has("state_constant") else secrets.token_urlsafe(32)
        journey = Journey(state, session.empreinte, subject.id, secrets.token_urlsafe(24), verifier)
        try:
            url = self.oauth.authorization_url(
                state=journey.state,
                nonce=journey.nonce,
                verifier=verifier,
                external_user=self._external(subject),
                about={"mineur": "oui" if subject.representant else ""},
            )
        except (OAuthError, httpx.TransportError) as error:
            self._log.write(f"appariement impossible : {error}")
            raise Refusal("mes_indisponible", "Mon espace santé ne répond pas ou refuse la demande.") from error
        self._store.save(journey)
        pairing = self.of(subject.id)
        if not pairing.access_token:
            pairing.state, pairing.message = "en_cours", ""
            self._store.save(pairing)
        return url

    def come_back(self, session: Session | None, query: Mapping[str, str]) -> Pairing:
        """The browser is back from MES. Refusal when the state is not one of this session, or has served already."""
        journey = self._journey(session, query.get("state", ""))
        if query.get("error") or not query.get("code"):
            return self._refused(journey)
        try:
            grant = self.oauth.exchange(query["code"], journey.verifier, journey.nonce)
            if self._people.usager(journey.usager).representant and self._defects.has("code_echange_deux_fois"):
                self.oauth.exchange_again(query["code"], journey.verifier)
            return self._paired(journey, grant)
        except (OAuthError, httpx.TransportError) as error:
            return self._failed(journey, error)

    def renew(self, pairing: Pairing) -> bool:
        """Refresh the tokens once. False when MES refuses: the pairing is then broken.

        httpx.TransportError, or OAuthError `http_…`, when MES is not able to answer now.
        """
        try:
            if not pairing.refresh_token:
                raise OAuthError("refresh_token_absent")
            grant = self.oauth.refresh(pairing.refresh_token)
        except OAuthError as error:
            if error.code.startswith(("http_5", "http_429")):
                raise
            self.apply("INVALID_TOKEN", pairing, "")
            return False
        pairing.access_token = grant.access_token
        if not self._defects.has("refresh_reutilise"):
            pairing.refresh_token = grant.refresh_token or pairing.refresh_token
        pairing.id_token = grant.id_token or pairing.id_token
        if grant.finalities is not None:
            pairing.finalities = list(grant.finalities)
        self._store.save(pairing)
        return True

    def apply(self, code: str, pairing: Pairing, finality: str) -> None:
        """What a refusal of MES changes for this usager, and only for him."""
        self._log.write(f"Mon espace santé refuse l'échange : {code}")
        if self._defects.has(_IGNORED_BY.get(code, "")):
            return
        if code == "CONSENT_REQUIRED":
            self._withdrawn(pairing, finality)
        else:
            effect = EFFECTS.get(code, Effect("suspendu"))
            pairing.state, pairing.alert, pairing.message = effect.state, effect.alert, ""
            if effect.forget:
                self._drop_tokens(pairing)
                self._forget(pairing.usager, Received)
            if effect.purge:
                self._forget(pairing.usager, Message)
            if code == "ACKNOWLEDGEMENT_REQUIRED":
                pairing.held = sorted({*pairing.held, finality})
            if code == "PAIRING_SUSPENDED" and self._defects.has("suspension_perd_les_envois"):
                self._forget(pairing.usager, Message)
        self._store.save(pairing)

    def resume(self, pairing: Pairing) -> None:
        """Somebody asks to take up again after a pause: the next answer of MES will tell."""
        if pairing.state in ("suspendu", "a_reapprouver", "a_reconnaitre"):
            pairing.state, pairing.message, pairing.held, pairing.alert = "apparie", "", [], ""
            self._store.save(pairing)

    def relearn(self, pairing: Pairing) -> None:
        """Ask MES again what the usager allows (the scope of a refresh), after a consent that was missing."""
        with self._store.turn(pairing.usager):
            try:
                if pairing.state == "apparie":
                    self.renew(pairing)
            except (OAuthError, httpx.TransportError) as error:
                self._log.write(f"autorisations non actualisées : {error}")

    def unpair(self, usager_id: str) -> Pairing:
        """Revoke the tokens at MES, delete them here, drop what waited and what had been read."""
        pairing = self.of(usager_id)
        tokens = ((pairing.refresh_token, "refresh_token"), (pairing.access_token, "access_token"))
        if not self._defects.has("desappariement_sans_revocation"):
            self._revoke(tokens)
        self._forget(usager_id, Message, Received)
        after = Pairing(usager_id)
        if self._defects.has("anciens_jetons"):
            after.access_token = pairing.access_token
        self._store.save(after)
        return after

    def _revoke(self, tokens: tuple[tuple[str, str], ...]) -> None:
        for token, hint in tokens:
            if token and self._settings().avec_echange:
                try:
                    self.oauth.revoke(token, hint)
                except (OAuthError, httpx.TransportError) as error:
                    self._log.write(f"révocation non confirmée : {error}")

    def _journey(self, session: Session | None, state: str) -> Journey:
        journey = self._store.get(Journey, state)
        if journey is None and self._defects.has("state_non_verifie") and session is not None:
            journeys = self._store.all(Journey, session.usager)
            journey = journeys[-1] if journeys else None
        unknown = Refusal("state_inconnu", "Cette demande de liaison n'est pas connue, ou a déjà servi.")
        if journey is None:
            raise unknown
        bound = session is not None and hmac.compare_digest(journey.session, session.empreinte)
        if not bound and not self._defects.has("state_sans_session"):
            raise Refusal("state_autre_session", "Cette demande de liaison a été faite dans une autre session.")
        if not self._defects.has("retour_rejouable") and not self._store.delete(journey):
            raise unknown
        return journey

    def _paired(self, journey: Journey, grant: Grant) -> Pairing:
        expected = self._idpe(self._people.usager(journey.usager))
        if grant.claims["idPe"] != expected:
            raise OAuthError("idpe_different")
        old = self.of(journey.usager)
        pairing = Pairing(
            usager=journey.usager,
            state="apparie",
            finalities=list(FINALITIES if grant.finalities is None else grant.finalities),
            access_token=grant.access_token,
            refresh_token=grant.refresh_token,
            id_token=grant.id_token,
            idpe=expected,
            assign_auth=str(grant.claims["assignAuth"]),
        )
        if old.access_token and self._defects.has("anciens_jetons"):
            pairing.access_token = old.access_token
        self._store.save(pairing)
        return pairing

    def _drop_tokens(self, pairing: Pairing) -> None:
        if not self._defects.has("anciens_jetons"):
            pairing.forget_tokens()

    def _refused(self, journey: Journey) -> Pairing:
        pairing = self.of(journey.usager)
        if self._defects.has("refus_montre_apparie"):
            pairing.state = "apparie"
        elif not pairing.access_token:
            pairing.state = "non_apparie"
            pairing.message = "La liaison n'a pas été autorisée dans Mon espace santé : votre compte n'est pas relié."
        self._store.save(pairing)
        return pairing

    def _failed(self, journey: Journey, error: Exception) -> Pairing:
        self._log.write(f"appariement non abouti : {error}")
        pairing = self.of(journey.usager)
        if not pairing.access_token:
            pairing.state = "non_apparie"
            pairing.message = "La liaison n'a pas abouti : la réponse de Mon espace santé n'a pas pu être vérifiée."
        if isinstance(error, OAuthError) and error.code == "oid_different":
            pairing.alert = EFFECTS["OID_MISMATCH"].alert
        self._store.save(pairing)
        return pairing

    def _withdrawn(self, pairing: Pairing, finality: str) -> None:
        pairing.finalities = [f for f in pairing.finalities if f != finality]
        if self._defects.has("retrait_coupe_tout"):
            pairing.finalities = []
        if finality == "AGENDA_ECRITURE" and not self._defects.has("file_videe_apres_retrait"):
            self._forget(pairing.usager, Message)
        if finality == "AGENDA_LECTURE" and not self._defects.has("evenements_lus_gardes"):
            self._forget(pairing.usager, Received)

    def _forget(self, usager_id: str, *kinds: type[Message] | type[Received]) -> None:
        for kind in kinds:
            for record in self._store.all(kind, usager_id):
                self._store.delete(record)

    def _external(self, subject: Usager) -> dict[str, str]:
        return {
            "id": self._idpe(subject),
            "firstName": subject.prenoms[0],
            "lastName": subject.nom,
            "email": subject.courriel,
            "login": subject.login,
        }

    def _idpe(self, subject: Usager) -> str:
        if self._defects.has("idpe_ins") and subject.ins:
            return subject.ins["matricule"]
        if self._defects.has("idpe_courriel"):
            return subject.courriel
        if subject.representant and self._defects.has("enfant_confondu"):
            return self._people.usager(subject.representant).idpe
        return subject.idpe

    @property
    def oauth(self) -> OAuth:
        """OAuth client for the settings in force; Refusal without exchange or configuration."""
        mes = self._settings().exchange
        if self._oauth is None or self._oauth[0] != mes:
            self._oauth = (mes, OAuth(self._wire, mes, self._defects, self._now))
        return self._oauth[1]


def shown(pairing: Pairing, defects: Defects) -> dict[str, object]:
    """What the usager and the operator are shown of a pairing."""
    active = pairing.state in ("apparie", "suspendu", "a_reapprouver", "a_reconnaitre")
    missing = [f for f in FINALITIES if f not in pairing.finalities] if active else []
    sentence = pairing.message or MESSAGES[pairing.state]
    if missing and pairing.state == "apparie" and not defects.has("consentement_manquant_tu"):
        wishes = ", ".join(FINALITY_LABELS[f] for f in missing)
        sentence += f" Vous n'avez pas donné votre accord pour : {wishes}."
    result: dict[str, object] = {"etat": pairing.state, "message": sentence, "finalites": pairing.finalities}
    result["consentements_manquants"] = [] if defects.has("consentement_manquant_tu") else missing
    if pairing.alert:
        result["alerte_configuration"] = pairing.alert
    return result
