"""Actions of the vocabulary that are about logins: a part of `Product`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol
from urllib.parse import urlencode

from reference.login.desk import Desk
from reference.login.franceconnect import TO_CONFIRM
from reference.login.kinds import KINDS
from reference.login.records import FcSession, ProSession
from reference.login.sessions import COOKIE as PRO_COOKIE
from reference.people import COOKIE, People
from reference.professionals import Professionals
from reference.refusal import Refusal

Result = dict[str, Any]
PRO_LINK = "connexion_dui"
"""Cookie of a browser that is logging in to the DUI."""
FC_LINK = "connexion_franceconnect"
"""Cookie of a browser that is logging in to the portal by FranceConnect."""

_PIVOT = {
    "sub": "sub",
    "nom": "family_name",
    "prenoms": "given_name",
    "date_naissance": "birthdate",
    "genre": "gender",
    "lieu_naissance": "birthplace",
    "pays_naissance": "birthcountry",
}


class _Parts(Protocol):
    url: str
    desk: Desk
    people: People
    professionals: Professionals


class LoginActions:
    """Logins of professionals and of usagers. A session is known by its cookies."""

    def declarer_professionnel(self: _Parts, nom: str, prenom: str, **details: Any) -> Result:
        """Open the account of a professional (parameters of the vocabulary)."""
        return {"professionnel": self.professionals.declare(nom, prenom, **details).id}

    def connecter_professionnel(
        self: _Parts,
        moyen: str,
        professionnel: str = "",
        identifiant_national: str = "",
        canal: str = "MOBILE",
        retour: str = "",
    ) -> Result:
        """Begin the login of a professional (parameters of the vocabulary)."""
        if moyen == "local":
            cookie = self.desk.log_in(self.professionals.get(professionnel))
            return {"session": {"cookies": {PRO_COOKIE: cookie}}}
        if moyen == "psc_ciba":
            wanted = identifiant_national or self.professionals.get(professionnel).identifiant_national
            asked = self.desk.ciba.ask(wanted, canal)
            return {"demande": asked.id, "code_affiche": asked.code, "message": asked.message}
        self.desk.psc.reachable()
        return {"url": f"{self.url}/professionnel/connexion/psc{_suite(retour)}"}

    def lire_session_professionnel(
        self: _Parts, session: Mapping[str, Any] | None = None, demande: str | None = None
    ) -> Result:
        """Where the login of a professional is, by her session or by her CIBA request."""
        opened = ""
        if demande is not None:
            asked, opened = self.desk.ciba.read(demande)
            if not opened:
                return {"etat": asked.state, **_said(asked.message)}
        cookie = opened or _cookie(session, PRO_COOKIE)
        found = self.desk.sessions.find(cookie)
        if found is None:
            refused = self.desk.requests.refusal_of(_cookie(session, PRO_LINK))
            return {"etat": "refusee", "message": refused} if refused else {"etat": "fermee"}
        return {**_shown(found), **({"session": {"cookies": {PRO_COOKIE: opened}}} if opened else {})}

    def choisir_situation(self: _Parts, session: Mapping[str, Any], situation: str) -> Result:
        """The professional works in that situation."""
        chosen = self.desk.psc.choose(_alive(self.desk, session), situation)
        return {"situation": situation, **({"structure": chosen.structure} if chosen.structure else {})}

    def appeler_api_psc(self: _Parts, session: Mapping[str, Any], cahier: str) -> Result:
        """Read a `cahier` of a PSC-connected API on behalf of the session."""
        try:
            status, message = self.desk.api.read(_alive(self.desk, session), cahier)
        except Refusal as refusal:
            if refusal.code == "session_expiree":
                return {"statut": 401, "message": refusal.message}
            if refusal.code in ("psc_indisponible", "psc_erreur"):
                status = 503 if refusal.code == "psc_indisponible" else 500
                return {"statut": status, **_said(refusal.message)}
            raise
        return {"statut": status, **_said(message)}

    def deconnecter_professionnel(self: _Parts, session: Mapping[str, Any]) -> Result:
        """End the session here, and give the address that ends it at PSC."""
        found = self.desk.sessions.find(_cookie(session, PRO_COOKIE))
        if found is None or found.state != "ouverte":
            return {}
        return _towards(self.desk.psc.leave(found))

    def connecter_usager(self: _Parts, moyen: str, retour: str = "") -> Result:
        """Begin the login of an usager by FranceConnect or FranceConnect+."""
        kind = KINDS[moyen]
        self.desk.france_connect.reachable(kind)
        return {"url": f"{self.url}/connexion/{moyen.replace('_', '-')}{_suite(retour)}"}

    def lire_session_usager(self: _Parts, session: Mapping[str, Any]) -> Result:
        """Who is logged in to the portal with that session."""
        self.desk.france_connect.insist()
        cookie = _cookie(session, COOKIE)
        reader, identity = self.people.session(cookie), self.desk.france_connect.of(cookie)
        if reader is not None:
            return {"etat": "ouverte", "usager": reader.usager, **_identity(identity)}
        if identity is not None and not identity.usager:
            return {"etat": "ouverte", "message": TO_CONFIRM, **_identity(identity)}
        refused = self.desk.requests.refusal_of(_cookie(session, FC_LINK))
        return {"etat": "refusee", "message": refused} if refused else {"etat": "fermee"}

    def deconnecter_usager(self: _Parts, session: Mapping[str, Any]) -> Result:
        """End the session on the portal, and give the address that ends it at FranceConnect."""
        return _towards(self.desk.france_connect.leave(KINDS.__getitem__, _cookie(session, COOKIE)))


def _shown(session: ProSession) -> Result:
    """A session as the vocabulary shows it; the situation is absent before it is chosen."""
    shown: Result = {"etat": session.state, **_said(session.message)}
    if session.state != "ouverte":
        return shown
    shown |= {
        "professionnel": session.professionnel,
        "situations": [_without_nothing(one) for one in session.situations],
    }
    known = {
        "identifiant_national": session.identifiant_national,
        "situation": session.situation,
        "structure": session.structure,
    }
    return {**shown, **_without_nothing(known)}


def _identity(session: FcSession | None) -> Result:
    if session is None:
        return {}
    said = {name: session.pivot[claim] for name, claim in _PIVOT.items() if claim in session.pivot}
    return {"identite": said, "rapprochement": session.rapprochement}


def _alive(desk: Desk, session: Mapping[str, Any]) -> ProSession:
    found = desk.sessions.alive(_cookie(session, PRO_COOKIE))
    if found is None:
        raise Refusal("session_absente", "Connectez-vous d'abord.")
    return found


def _without_nothing(texts: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in texts.items() if text}


def _said(message: str) -> Result:
    return {"message": message} if message else {}


def _towards(url: str) -> Result:
    return {"url": url} if url else {}


def _suite(page: str) -> str:
    return f"?{urlencode({'suite': page})}" if page else ""


def _cookie(session: Mapping[str, Any] | None, name: str) -> str:
    return str(((session or {}).get("cookies") or {}).get(name, ""))
