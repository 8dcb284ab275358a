"""Starting what a mode needs, and the whole journey of a pairing, with the reference product."""

from __future__ import annotations

import socket
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from harness import lock
from harness.actors import pro_agenda, shared_agendas, sign_in
from harness.actors.pro_agenda import Hands
from harness.environment import open_environment
from harness.errors import ActionNotOffered, ServiceNotClaimed, SetUpError
from harness.sandbox_client import SandboxClient
from harness.scene import Scene
from harness.target import Target, load_target
from harness.target_sections import DriverSettings
from mocks.sandbox import Sandbox
from mocks.servers.cheroot import RunningServer
from reference.product import Product

REFERENCE = Path(__file__).parents[2] / "cible-reference.toml"
SUNDAYS = datetime(2027, 1, 3, 9), datetime(2027, 1, 10, 9)


class Fixed(Product):
    """A product whose addresses are set by its vendor."""

    configurer = None  # type: ignore[assignment]


@pytest.fixture
def target() -> Target:
    return load_target(REFERENCE)


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def journey(scene: Scene) -> None:
    """Pair, create an appointment, and see it in the agenda of the usager."""
    person = scene.person(age=70)
    page = scene.mes.pair(person, "AGENDA_ECRITURE")
    assert page.status == 200
    scene.product.act("creer_rendez_vous", usager=person, debut="2024-10-27T09:00", intitule="Kinésithérapie")
    assert len(scene.wait_for("mes.fhir.appointment.create", person=person)) == 1
    (event,) = scene.mes.agenda_of(person)
    assert event.start == datetime(2024, 10, 27, 8, tzinfo=UTC)
    assert (event.status, event.author) == ("booked", "EDITOR_SOLUTION")
    (pairing,) = scene.mes.pairings_of(person)
    assert pairing["oid"] == scene.mes.oid


@pytest.mark.parametrize("mode", ["embarque", "local"])
def test_the_journey_of_an_appointment(target: Target, mode: str) -> None:
    chosen = load_target(REFERENCE, mode=mode)
    with open_environment(chosen) as environment, environment.scene() as scene:
        assert environment.configurable
        assert not environment.shared
        journey(scene)
        services = {exchange.service for exchange in scene.exchanges()}
        assert services >= {"mes", "produit", "navigateur"}
        pages = [exchange.path for exchange in scene.exchanges(service="navigateur")]
        assert not [path for path in pages if "/mes/connexion" in path]


def test_the_consent_page_shows_who_asks_and_nothing_ticked(target: Target) -> None:
    with open_environment(target) as environment, environment.scene() as scene:
        person = scene.person()
        consent = scene.mes.start_pairing(person)
        assert consent.service_name == target.product.name
        for part in (person.family_name, person.given_names[0], person.email):
            assert part in consent.external_identity
        assert "AGENDA_LECTURE" in consent.finalities
        assert not any(consent.finalities.values())
        consent.refuse()
        assert scene.mes.pairings_of(person) == []


def test_a_child_is_paired_by_its_representative(target: Target) -> None:
    with open_environment(target) as environment, environment.scene() as scene:
        mother = scene.person(age=40)
        child = scene.person(age=9, child_of=mother)
        scene.mes.pair(mother, for_=child)
        assert scene.mes.pairings_of(mother) == []
        assert len(scene.mes.pairings_of(child)) == 1


def test_scenes_follow_one_another_without_seeing_each_other(target: Target) -> None:
    with open_environment(target) as environment:
        with environment.scene() as scene:
            person = scene.person()
            scene.usager(person)
            scene.fault("mes.fhir.appointment.create", "503", fois=3)
            start = scene.now()
            scene.advance(days=2)
            scene.advance(hours=1)
            assert scene.now() - start >= timedelta(days=2, hours=1)
            assert [exchange.operation for exchange in scene.exchanges()] == ["produit.declarer_usager"]
        with environment.scene() as scene:
            assert scene.exchanges() == []
            assert scene.now() - start < timedelta(days=1)
            assert environment.tenant.call("GET", "/pannes") == {"pannes": []}


def test_a_person_is_declared_once(target: Target) -> None:
    with open_environment(target) as environment, environment.scene() as scene:
        person = scene.person()
        assert scene.usager(person) == scene.usager(person)
        assert len(scene.exchanges(operation="produit.declarer_usager")) == 1


def test_the_usager_and_the_operator_act(target: Target) -> None:
    with open_environment(target) as environment, environment.scene() as scene:
        person = scene.person(age=70)
        scene.mes.pair(person, "AGENDA_ECRITURE", "MESURES_LECTURE")
        scene.mes.withdraw(person, "AGENDA_ECRITURE")
        scene.mes.grant(person, "AGENDA_ECRITURE")
        scene.mes.add_measure(person, "29463-7", 62.4, "kg", datetime(2024, 7, 10, 6, 15, tzinfo=UTC))
        own = scene.mes.add_event(person, datetime(2024, 11, 5, 16, 30, tzinfo=UTC), "Ostéopathe")
        other = scene.mes.add_event(person, own.start + timedelta(days=1), "Radio", source="1.2.250.1.999.7")
        assert [(event.label, event.author) for event in scene.mes.agenda_of(person)] == [
            ("Ostéopathe", "PATIENT"),
            ("Radio", "EDITOR_SOLUTION"),
        ]
        assert other.source.endswith("1.2.250.1.999.7")
        scene.mes.remove_event(person, own)
        scene.mes.new_version(["AGENDA_ECRITURE", "AGENDA_LECTURE", "DOCUMENTS_LECTURE"])
        scene.mes.acknowledge(person)
        scene.mes.deregister()
        scene.mes.unpair(person)
        acts = [exchange.operation for exchange in scene.exchanges(service="mes") if exchange.protocol == "acte"]
        assert acts[-1] == "mes.usager.desappariement"
        assert {"mes.usager.consentement_retire", "mes.usager.version_reconnue", "mes.service.statut"} <= set(acts)


def test_a_sandbox_elsewhere_is_left_as_it_was_found(target: Target, sandbox: Sandbox) -> None:
    with (
        closing(Product()) as product,
        RunningServer(sandbox.wsgi) as server,
        RunningServer(product.application) as portal,
    ):
        elsewhere = replace(target.sandbox, mode="distant", url=server.url)
        driver = DriverSettings("http", url=portal.url + "/_pilote")
        distant = replace(target, sandbox=elsewhere, driver=driver, wait_s=2.0)
        with open_environment(distant) as environment:
            assert environment.shared
            name = environment.tenant.name
            with environment.scene() as scene:
                assert scene.product.offers("apparier_mes")
                scene.usager(scene.person())
            assert name in names(server.url)
        assert name not in names(server.url)


def test_a_product_that_mon_espace_sante_does_not_know_is_not_asked_to_pair(target: Target) -> None:
    alone = replace(target, mes=None)
    with open_environment(alone) as environment, environment.scene() as scene:
        assert "mes" not in environment.registrations
        person = scene.person()
        scene.usager(person)
        doctor = scene.agendas.professional()
        assert shared_agendas.declare(scene, doctor, shared_agendas.weekly(*SUNDAYS)).references
        before = len(scene.exchanges())
        with pytest.raises(ServiceNotClaimed, match=r"pas de section \[mes\]"):
            scene.mes.start_pairing(person)
        assert len(scene.exchanges()) == before


def test_a_dui_without_portal_writes_and_reads_for_professionals(target: Target) -> None:
    """Its OID is the source of what it writes; the person is found by her INS, without a pairing."""
    with open_environment(replace(target, mes=None)) as environment, environment.scene() as scene:
        hands, person = Hands(scene, sign_in.connected(scene)), scene.person()
        scene.usager(person)
        booked = hands.create(person, datetime(2024, 11, 12, 10))
        pro_agenda.typed_at_the_hospital(scene, person, "Radiographie", datetime(2024, 11, 6, 8, 30))
        events = {event.start: event for event in scene.mes.agenda_of(person)}
        assert target.bsp is not None
        assert target.bsp.oid in events[booked.start].resource["meta"]["source"]
        assert len(events) == 2
        hands.read(person, 2024)
        pro_agenda.dui(scene, person, 2024).has(1)
        scene.pro_agenda.consent(person, given=True)
        hands.read(person, 2024)
        pro_agenda.dui(scene, person, 2024).has(2)
        pro_agenda.written(scene, person, 1)


def test_a_product_that_does_not_know_this_api_is_not_asked(target: Target) -> None:
    with open_environment(replace(target, bsp=None)) as environment, environment.scene() as scene:
        assert "bsp" not in environment.registrations
        hands, person = Hands(scene, sign_in.connected(scene)), scene.person()
        for asked in (lambda: hands.create(person, datetime(2024, 11, 12, 10)), lambda: scene.pro_agenda):
            with pytest.raises(ServiceNotClaimed, match=r"pas de section \[bsp\]"):
                asked()


def names(url: str) -> list[str]:
    with closing(SandboxClient(url)) as client:
        known: list[str] = client.call("GET", "/tenants")["locataires"]
    return known


def test_a_product_that_cannot_be_configured_takes_turns_on_its_own_tenant(target: Target) -> None:
    fixed = replace(target.driver, class_path=f"{__name__}:Fixed")
    mes = replace(target.mes, client_id="vendeur", client_secret="secret-de-l-editeur")
    sandbox = replace(target.sandbox, tenant="essai")
    others = dict.fromkeys(("psc", "franceconnect", "franceconnect_plus", "rdv", "agenda", "third_party"))
    alone = replace(target, driver=fixed, mes=mes, sandbox=sandbox, **others)
    with open_environment(alone) as environment:
        assert environment.tenant.name == "essai"
        assert environment.registrations["mes"].configuration["client_secret"] == "secret-de-l-editeur"
        assert environment.shared
        (path,) = [environment_lock(environment.target)]
        with environment.scene():
            assert path.exists()
            with pytest.raises(SetUpError, match="tient ce produit"), lock.exclusive(path, patience_s=0):
                pass
        with lock.exclusive(path, patience_s=0):
            pass


def environment_lock(target: Target) -> Path:
    from harness.environment import _lock_path

    return _lock_path(target)


def test_a_product_that_cannot_be_configured_needs_its_client(target: Target) -> None:
    fixed = replace(target, driver=replace(target.driver, class_path=f"{__name__}:Fixed"))
    with pytest.raises(SetUpError, match="n'offre pas l'action « configurer »"), open_environment(fixed):
        pass


def test_an_action_declared_absent_is_not_asked(target: Target) -> None:
    absent = replace(target, absent_actions=frozenset({"lire_mesures"}))
    with open_environment(absent) as environment, environment.scene() as scene:
        person = scene.person()
        with pytest.raises(ActionNotOffered):
            scene.product.act("lire_mesures", usager=person, code="29463-7", mode="toutes")


@pytest.mark.parametrize(("defect", "offset"), [("", "+01:00"), ("heure-locale-sans-decalage", "")])
def test_a_seeded_defect_reaches_the_product(target: Target, defect: str, offset: str) -> None:
    with open_environment(target, defect=defect) as environment, environment.scene() as scene:
        person = scene.person()
        scene.mes.pair(person)
        at_home = {"debut": "2024-10-28T09:00", "intitule": "Visite", "lieu": "domicile"}
        scene.product.act("creer_rendez_vous", usager=person, **at_home)
        (sent,) = scene.wait_for("mes.fhir.appointment.create")
        assert sent.resource["start"] == f"2024-10-28T09:00:00{offset}"


def test_an_unknown_defect_is_said(target: Target) -> None:
    with pytest.raises(SetUpError, match="défaut inconnu : absent"), open_environment(target, defect="absent"):
        pass


def test_a_refused_configuration_is_said(target: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    from reference.refusal import Refusal

    def refuse(self: Product, **params: object) -> dict[str, object]:
        raise Refusal("fuseau_inconnu", "Ce fuseau n'existe pas.")

    monkeypatch.setattr(Product, "configurer", refuse)
    with (
        open_environment(target) as environment,
        pytest.raises(SetUpError, match="refuse sa configuration : Ce fuseau"),
        environment.scene(),
    ):
        pass


def test_a_port_already_taken_is_said(target: Target) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        local = replace(target, sandbox=replace(target.sandbox, mode="local", url=url))
        with pytest.raises(SetUpError, match="déjà prise par un autre programme"), open_environment(local):
            pass


def test_a_local_sandbox_is_on_this_machine(target: Target) -> None:
    local = replace(target, sandbox=replace(target.sandbox, mode="local", url="http://bac.exemple.test:80"))
    with pytest.raises(SetUpError, match="doit être sur cette machine"), open_environment(local):
        pass
