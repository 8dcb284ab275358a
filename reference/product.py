"""The product: a small DUI and its user portal. One method per action of the vocabulary of the bench."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reference import clock, contents
from reference.agenda import Agenda
from reference.bsp.setup import pro_agenda
from reference.config import CALLBACK_PATH, SAS_PATH, SYNCHRONISATION_PATH, Settings, settings_from
from reference.coordination.actions import Coordination, CoordinationActions
from reference.coordination.setup import coordination
from reference.defects import Defects
from reference.dmp.actions import DmpActions
from reference.dmp.desk import DmpDesk
from reference.gateway import Gateway
from reference.identity.actions import SOMEBODY, IdentityActions
from reference.identity.office import IdentityOffice
from reference.identity.traits import Traits
from reference.journal import TechnicalLog
from reference.login.actions import LoginActions
from reference.login.desk import Desk
from reference.outbox import WRITE, Outbox
from reference.pairing import Pairings, shown
from reference.pdsm.actions import PdsmActions
from reference.pdsm.mobile import MobileDmp
from reference.people import COOKIE, People
from reference.planning.actions import PlanningActions
from reference.planning.agendas import Agendas
from reference.planning.diary import Diary
from reference.planning.plannings import Plannings
from reference.professionals import Professionals
from reference.reading import Reading, measured
from reference.records import Pairing, Received, RendezVous, Session, Usager
from reference.refusal import Refusal
from reference.sas.actions import SasActions
from reference.sas.appointments import SasAppointments
from reference.sas.outbox import SasOutbox
from reference.sas.practice import Practice
from reference.sas.regulators import Regulators
from reference.server.listener import Listener
from reference.shared_agenda.actions import SharedAgendaActions
from reference.shared_agenda.booking import Booking
from reference.shared_agenda.desk import SharedAgenda
from reference.space.actions import SpaceActions
from reference.space.reading import DocumentReading
from reference.space.sending import DocumentSending
from reference.store import Store
from reference.views import Views
from reference.wire import Wire

if TYPE_CHECKING:
    from flask import Flask

__all__ = ["Product", "Refusal"]

Result = dict[str, Any]
TIMEOUT_S = 5.0


class Product(
    LoginActions,
    IdentityActions,
    SasActions,
    PlanningActions,
    CoordinationActions,
    SharedAgendaActions,
    DmpActions,
    SpaceActions,
    PdsmActions,
):
    """A DUI and its portal.

    data_dir: where the database is (None: in memory). url: public address of the pages.
    defects: ids of `reference.defects` to switch on; ValueError for an unknown one.
    now: clock of the product. timeout_s: patience with MES, in seconds.
    """

    def __init__(
        self,
        data_dir: Path | None = None,
        url: str = "https://portail.banc.test",
        defects: Iterable[str] = (),
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        self.url = url.rstrip("/")
        self.defects = Defects(defects)
        self.settings = Settings()
        self.now = now
        self.log = TechnicalLog(now)
        self.store = Store(data_dir)
        self._wire = Wire(self.defects, self.log, timeout_s)

        def seconds() -> float:
            return now().timestamp()

        self.people = People(self.store, seconds)
        self.professionals = Professionals(self.store)
        self.plannings = Plannings(self.store)
        self.diary = Diary(self.store, now)
        self.agendas = Agendas(self.plannings, self.diary, self.defects, now)

        def settings() -> Settings:
            return self.settings

        self.desk = Desk(
            self.store, self.people, self.professionals, self._wire, settings, self.defects, self.log, seconds
        )
        self.office = IdentityOffice(self.store, self.people, self._wire, settings, self.defects, now)
        self.shared = SharedAgenda(
            self.store,
            self.people,
            self.professionals,
            self.plannings,
            self.office.life,
            self._wire,
            settings,
            self.defects,
            now,
        )
        self.documents = DmpDesk(
            self.store,
            self.people,
            self.professionals,
            self.office.life,
            self._wire,
            settings,
            self.defects,
            now,
        )
        self.mobile_dmp = MobileDmp(self.documents, self._wire, self.defects, now)
        self.pairings = Pairings(self.store, self.people, self._wire, settings, self.defects, self.log, seconds)
        gateway = Gateway(self.store, self.people, self.pairings, self._wire, settings, self.defects, seconds)
        self._outbox = Outbox(self.store, self.people, self.pairings, gateway, settings, self.defects, seconds)
        self._agenda = Agenda(self.store, self.people, self._outbox.send, self.defects, now, noted=self.diary.note)
        self._reading = Reading(self.store, self.people, self.pairings, gateway, self.defects)
        self.space_sending = DocumentSending(self.store, self.people, self.pairings, gateway, self.defects, now)
        self.space_reading = DocumentReading(
            self.store, self.people, self.pairings, gateway, self.space_sending, self.defects
        )
        self.views = Views(self.store, self.defects)
        self.practice = Practice(self.store, settings)
        self.regulators = Regulators(self.store, self.defects)
        self._sas_outbox = SasOutbox(self.store, self._wire, settings, self.defects)
        self.sas_appointments = SasAppointments(
            self.store, self.practice, self.regulators, self._sas_outbox, settings, self.defects, now
        )
        self._listener = Listener(self, SAS_PATH)
        self.coordination: Coordination = coordination(
            self.store,
            self.people,
            self.professionals,
            self.office,
            self._agenda,
            self._wire,
            settings,
            self.defects,
            now,
        )

        self.pro_agenda = pro_agenda(
            self.store,
            self.people,
            self.office,
            self.desk,
            self._outbox,
            self._wire,
            settings,
            self.defects,
            seconds,
        )

    @cached_property
    def application(self) -> Flask:
        """WSGI application: pages of the portal and of the DUI, and the driver of the bench."""
        from reference.web.application import build

        return build(self)

    @property
    def redirect_uri(self) -> str:
        """Address of return to declare at MES when the product is registered."""
        return self.url + CALLBACK_PATH

    @property
    def synchronisation_url(self) -> str:
        """`urlSynchronisation` to declare in the catalogue of MES."""
        return self.url + SYNCHRONISATION_PATH

    def close(self) -> None:
        """Close the TLS listener, the HTTP client and the database."""
        self._listener.close()
        self._wire.close()
        self.store.close()

    def defauts_rencontres(self) -> frozenset[str]:
        """Ids of the defects whose place was reached since the last call: elsewhere they change nothing."""
        return self.defects.met()

    # Settings and persons

    def configurer(
        self,
        mes: Mapping[str, Any] | None = None,
        fuseau: str = "Europe/Paris",
        avec_echange: bool = True,
        **services: Any,
    ) -> Result:
        """Receive addresses and secrets, of MES and of the other services by name (`psc`, `franceconnect`…).

        Alerts about the configuration are lifted: it has just changed.
        """
        clock.zone(fuseau)
        exchanging = avec_echange or self.defects.has("appel_sans_echange")
        self.settings = settings_from(fuseau, exchanging, {"mes": mes, **services})
        self._wire.present(self.settings.certificats)
        self.desk.forget_providers()
        for pairing in self.store.all(Pairing):
            if pairing.alert:
                pairing.alert = ""
                self.store.save(pairing)
        sas = self.settings.sas
        address = self._listener.open(None if sas is None else sas.serveur)
        return {"adresses": {"sas": address}} if address else {}

    def declarer_usager(
        self,
        nom: str,
        prenoms: list[str],
        sexe: str,
        date_naissance: str,
        courriel: str,
        ins: Mapping[str, str] | None = None,
        representant: str | None = None,
        lieu_naissance: str = "",
        nom_utilise: str = "",
        prenom_utilise: str = "",
    ) -> Result:
        """Open the file of a person and her account. With `ins`, it is taken over from before: already qualified."""
        traits = Traits(nom, tuple(prenoms), sexe, date_naissance, lieu_naissance)
        self.office.check(traits, place_unasked=ins is not None, with_used_first_name=bool(prenom_utilise))
        declared = self.people.declare(
            nom=nom,
            prenoms=list(prenoms),
            sexe=sexe,
            date_naissance=date_naissance,
            courriel=courriel,
            ins=None if ins is None else dict(ins),
            representant=representant,
            lieu_naissance=lieu_naissance,
            nom_utilise=nom_utilise,
            prenom_utilise=prenom_utilise,
        )
        self.office.life.open(declared, SOMEBODY)
        return {"usager": declared.id, "identifiant_portail": declared.login}

    def ouvrir_session(self, usager: str) -> Result:
        """Log the usager in, as after her two factors."""
        return {"session": {"cookies": {COOKIE: self.people.open(usager)}}}

    def fermer_session(self, usager: str, session: Mapping[str, Any] | None = None) -> Result:
        """Log the usager out of this session, or of all."""
        if not self.defects.has("session_qui_reste_ouverte"):
            self.people.close(usager, None if session is None else _cookie(session))
        return {}

    # Pairing

    def apparier_mes(self, usager: str, session: Mapping[str, Any] | None = None, pour: str | None = None) -> Result:
        """Begin the pairing of the usager, or of the minor whom she represents; needs an open session."""
        person = self.people.usager(usager)
        opened = self._session_of(person, session)
        subject = person if pour is None else self._represented(person, pour)
        url = self.pairings.start(opened, subject)
        return {"url": url} if session is None else {"url": url, "session": dict(session)}

    def lire_appariement(self, usager: str) -> Result:
        """State of the pairing, as it is shown."""
        self.people.usager(usager)
        return shown(self.pairings.of(usager), self.defects)

    def desapparier_mes(self, usager: str) -> Result:
        """Unpair from the product."""
        self.people.usager(usager)
        return {"etat": self.pairings.unpair(usager).state}

    # Appointments

    def creer_rendez_vous(
        self, usager: str, debut: str, intitule: str, session: Mapping[str, Any] | None = None, **details: Any
    ) -> Result:
        """Type an appointment (parameters of the vocabulary) and send it: by the portal, or in a session of the DUI."""
        details.setdefault("fuseau", self.settings.fuseau)
        return self._agenda_in(session).create(usager, debut, intitule, **details)

    def deplacer_rendez_vous(
        self, rendez_vous: str, debut: str, duree_minutes: int | None = None, session: Mapping[str, Any] | None = None
    ) -> Result:
        """Move an appointment."""
        return self._keeper(rendez_vous, session).move(rendez_vous, debut, duree_minutes)

    def annuler_rendez_vous(
        self, rendez_vous: str, motif: str = "", session: Mapping[str, Any] | None = None
    ) -> Result:
        """Cancel an appointment."""
        return self._keeper(rendez_vous, session).cancel(rendez_vous, motif)

    def constater_rendez_vous(self, rendez_vous: str, constat: str, session: Mapping[str, Any] | None = None) -> Result:
        """Note what came of an appointment."""
        return self._keeper(rendez_vous, session).record(rendez_vous, constat)

    def confirmer_rendez_vous(self, rendez_vous: str, session: Mapping[str, Any] | None = None) -> Result:
        """Confirm an appointment that was asked for."""
        return self._keeper(rendez_vous, session).confirm(rendez_vous)

    def renvoyer_rendez_vous(self, rendez_vous: str, session: Mapping[str, Any] | None = None) -> Result:
        """Send an appointment again; first ask MES what is allowed, when the agreement was missing."""
        found = self.store.get(RendezVous, rendez_vous) if session is None else None
        if found is not None:
            pairing = self.pairings.of(found.usager)
            if WRITE not in pairing.finalities:
                self.pairings.relearn(pairing)
        return self._keeper(rendez_vous, session).resend(rendez_vous)

    def reprendre_envois(self, usager: str | None = None, session: Mapping[str, Any] | None = None) -> Result:
        """Take up again what waits, for one usager or for all; a pause is tried anew."""
        if session is not None:
            sent, waiting = self.pro_agenda.feeding.resume(self.pro_agenda.session(session), usager)
            return {"envoyes": sent, "en_attente": waiting}
        concerned = [p.usager for p in self.store.all(Pairing)] if usager is None else [self.people.usager(usager).id]
        sent = waiting = 0
        for one in concerned:
            self.pairings.resume(self.pairings.of(one))
            sent += len(self._outbox.flush(one).sent)
            waiting += self._outbox.waiting(one)
            documents, late = self.space_sending.resume(one)
            sent, waiting = sent + documents, waiting + late
        shared, kept = self.shared.resume(usager)
        if usager is None:
            shared += self._sas_outbox.flush()[0]
            kept += self._sas_outbox.waiting()
        deposited, pending = self.documents.resume(usager)
        return {"envoyes": sent + shared + deposited, "en_attente": waiting + kept + pending}

    # Reading

    def synchroniser_agenda(self, usager: str, du: str, au: str, session: Mapping[str, Any] | None = None) -> Result:
        """Read the agenda of MES for this period: by the portal, or in a session of the DUI."""
        self.people.usager(usager)
        if session is None:
            received, message = self._reading.agenda(usager, du, au, self.settings.fuseau)
            self._echo(usager)
        else:
            opened = self.pro_agenda.session(session)
            received, message = self.pro_agenda.consulting.read(usager, opened, du, au, self.settings.fuseau)
        return {"recus": received, **({"message": message} if message else {})}

    def lire_agenda(self, usager: str, vue: str, du: str, au: str) -> Result:
        """Events that the usager (`portail`) or the professional (`dui`) sees."""
        self.people.usager(usager)
        return {"evenements": self.views.agenda(usager, vue, du, au, self.settings.fuseau)}

    def modifier_evenement_recu(self, usager: str, debut: str, intitule: str) -> Result:
        """Refuse: an event of elsewhere is changed where it was made."""
        wanted = clock.parsed(debut, self.settings.fuseau)
        for received in self.store.all(Received, self.people.usager(usager).id):
            if clock.parsed(received.resource.get("start"), self.settings.fuseau) != wanted:
                continue
            if not self.defects.has("modifie_evenement_recu"):
                raise Refusal(
                    "evenement_externe", "Cet événement vient d'ailleurs : il se modifie là où il a été créé."
                )
            self._outbox.write_back(usager, {**received.resource, "description": intitule})
            return {"envoi": {"etat": "envoye"}}
        raise Refusal("evenement_inconnu", "Aucun événement reçu de Mon espace santé ne commence à cet instant.")

    def lire_mesures(self, usager: str, code: str, mode: str, du: str | None = None, au: str | None = None) -> Result:
        """Read measures in MES: `derniere`, or `toutes` from `du` to `au`."""
        self.people.usager(usager)
        observations, message = self._reading.measures(usager, code, mode, du, au)
        return {"mesures": list(measured(observations, self.defects)), **({"message": message} if message else {})}

    def lire_espace_usager(self, usager: str, session: Mapping[str, Any] | None = None) -> Result:
        """Contents of the portal and their addresses, for the usager or her legal representative."""
        subject = self.people.usager(usager)
        if self.defects.has("portail_par_mes_seulement") and self.pairings.of(usager).state != "apparie":
            raise Refusal("passer_par_mes", "Connectez-vous depuis Mon espace santé.")
        reader = None if session is None else self.people.session(_cookie(session))
        if session is not None and (reader is None or not self.people.may_read(reader.usager, subject)):
            raise Refusal("session_absente", "L'usager doit d'abord se connecter au portail.")
        return contents.space(subject, self.url, self.defects, reader=reader.usager if reader else subject.id)

    def lire_journal_technique(self) -> Result:
        """Text of the technical log since the last reading."""
        return {"texte": self.log.read()}

    def _keeper(self, rendez_vous: str, session: Mapping[str, Any] | None) -> Agenda | Booking | SasAppointments:
        """Who has it: bookings of the SAS, the shared agenda, or our own, by the portal or in a session of the DUI."""
        if self.sas_appointments.knows(rendez_vous):
            return self.sas_appointments
        return self.shared.booking if self.shared.booking.knows(rendez_vous) else self._agenda_in(session)

    def _agenda_in(self, session: Mapping[str, Any] | None) -> Agenda:
        """Our agenda, as it sends by the portal, or in that session of the DUI."""
        return self._agenda if session is None else self._agenda.sending(self.pro_agenda.sender(session))

    def _session_of(self, person: Usager, session: Mapping[str, Any] | None) -> Session:
        """The open session of that person: the one given, or the last one."""
        if session is not None:
            opened = self.people.session(_cookie(session))
        else:
            sessions = self.people.sessions_of(person.id)
            opened = sessions[-1] if sessions else None
        if opened is not None and opened.usager == person.id:
            return opened
        if self.defects.has("appariement_sans_session"):
            new = self.people.session(self.people.open(person.id))
            assert new is not None
            return new
        raise Refusal("session_absente", "L'usager doit d'abord se connecter au portail.")

    def _represented(self, person: Usager, minor: str) -> Usager:
        subject = self.people.usager(minor)
        if subject.representant != person.id:
            raise Refusal("pas_representant", "Seul son représentant légal peut demander la liaison d'un mineur.")
        return subject

    def _echo(self, usager: str) -> None:
        """Nothing read is sent back; two defects do."""
        if not (self.defects.has("echo_meme_identifiant") or self.defects.has("echo_identifiant_change")):
            return
        for received in self.store.all(Received, usager):
            copy = self._agenda.copied(usager, received.resource, self.settings.fuseau)
            if copy is not None:
                self._outbox.echo(usager, copy)


def _cookie(session: Mapping[str, Any]) -> str:
    return str((session.get("cookies") or {}).get(COOKIE, ""))
