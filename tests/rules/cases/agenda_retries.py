"""Tables of rules/agenda_retries.py."""

from tests.rules.cases import Case
from tests.rules.cases.mes_agenda import OTHER_KEY
from tests.rules.journal import Entry, action, appointment, create, http, search, stored, typed, update

OTHER = appointment(identifier=[OTHER_KEY])
LOST = create(status=None, stored=stored("1"))
STALE = update(status=412, headers=[("If-Match", 'W/"1"')])
READ = http("mes.fhir.appointment.read", target="/mes/fhir/Appointment/1")
TWIN = action(
    "creer_rendez_vous",
    {"rendez_vous": "r2", "identifiant": OTHER_KEY, "envoi": {"etat": "envoye"}},
    usager="u1",
    debut="2024-10-28T09:00",
)
WAIT = [("Retry-After", "30")]


def agenda(status: int = 200) -> Entry:
    """PATCH of an agenda, of which a version is known."""
    headers = [("If-Match", 'W/"1"')]
    return http("gap.fhir.schedule.patch", "PATCH", "/gap/fhir/Schedule/s", [], status, headers=headers, person=None)


CASES = [
    Case(
        "AGD-039",
        accepted=[
            [LOST, create(status=200, stored=stored("1", created=False))],
            [create(status=503), update()],
            [create(status=503, person=None), update()],
        ],
        refused=[
            ([LOST, create(OTHER, stored=stored("2"))], ["2 Appointment.identifier"]),
            ([LOST, create(stored=stored("2"))], ["2 Appointment.identifier"]),
            ([LOST, create(OTHER, stored=stored("2")), typed()], ["2 Appointment.identifier"]),
        ],
        silent=[[LOST], [create(), create(OTHER)], [LOST, typed(), create(OTHER, stored=stored("2")), TWIN]],
    ),
    Case(
        "AGD-041",
        accepted=[
            [STALE, READ, update()],
            [STALE, search(), STALE, READ, update()],
            [agenda(412), http("gap.fhir.schedule.read", target="/gap/fhir/Schedule/s", person=None), agenda()],
        ],
        refused=[
            ([STALE, update()], ["2 en-tête If-Match"]),
            ([agenda(412), agenda()], ["2 en-tête If-Match"]),
        ],
        silent=[[STALE], [update(status=412), update()]],
    ),
    Case(
        "AGD-042",
        accepted=[
            [create(status=503, answer_headers=WAIT), create(after=40)],
            [create(status=503, answer_headers=WAIT), update(after=40)],
            [
                create(status=429, answer_headers=[("Retry-After", "Sun, 20 Oct 2024 08:00:30 GMT")]),
                create(after=31),
            ],
        ],
        refused=[
            ([create(status=429, answer_headers=WAIT), create()], ["2 en-tête Retry-After"]),
            (
                [
                    create(status=503, answer_headers=[("Retry-After", "Sun, 20 Oct 2024 08:00:30 GMT")]),
                    create(after=9),
                ],
                ["2 en-tête Retry-After"],
            ),
        ],
        silent=[
            [create(status=503, answer_headers=WAIT), create(after=1)],  # the clock stands still
            [create(status=503, answer_headers=[("Retry-After", "bientôt")]), create()],
            [create(status=503, answer_headers=WAIT), search()],
        ],
    ),
    Case(
        "MES-42",
        accepted=[[create(status=422), create(OTHER)], [create(status=422)]],
        refused=[
            ([create(status=422), create(status=422)], ["2 corps (banc)"]),
            (
                [
                    http("mes.fhir.bundle", "POST", "/mes/fhir", "{}", 422),
                    http("mes.fhir.bundle", "POST", "/mes/fhir", "{}"),
                ],
                ["2 corps"],
            ),
        ],
        silent=[[create(), create()]],
    ),
]
