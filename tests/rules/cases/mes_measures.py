"""Tables of rules/mes_measures.py."""

from tests.rules.cases import Case
from tests.rules.journal import action, bundle, measures, search

PERIOD = "date=ge2024-03-01&date=le2024-03-31"
NEXT = (
    "https://banc.test/mes/fhir/Observation?subject.identifier=urn:oid:1.2.250.1.999.77%7Cesms-u-00042&code=29463-7&"
    f"{PERIOD}&_offset=1"
)
FIRST = measures(PERIOD, answer=bundle(next_page=NEXT))
SECOND = measures(f"{PERIOD}&_offset=1", answer=bundle())
OPAQUE = measures("_page=x", subject="", answer=bundle())
READ = action("lire_mesures", {"mesures": [{"valeur": 62.4, "auteur": "usager"}]}, usager="u1")

CASES = [
    Case(
        "MES-24",
        accepted=[
            [measures(PERIOD)],
            [measures("date=gt2024-03-01&date=lt2024-04-01")],
            [measures(PERIOD, answer=bundle(next_page="https://banc.test/mes/fhir/Observation?_page=x")), OPAQUE],
        ],
        refused=[
            ([measures("date=ge2024-03-01")], ["1 date"]),
            ([measures("_count=20")], ["1 date", "1 date"]),
        ],
        silent=[[measures("_sort=-date&_count=1")], [search()]],
    ),
    Case(
        "MES-25",
        accepted=[[measures("_sort=-date&_count=1")]],
        refused=[
            ([measures("_sort=date&_count=1")], ["1 _sort"]),
            ([measures("_count=1")], ["1 _sort"]),
            ([measures("_sort=-date&_count=2&_offset=0")], ["1 _count", "1 _offset"]),
        ],
        silent=[[measures(PERIOD)]],
    ),
    Case(
        "MES-26",
        accepted=[[FIRST, SECOND, READ], [measures("_count=100")]],
        refused=[
            ([measures("_count=101")], ["1 _count"]),
            ([FIRST, READ], ["1 Bundle.link.where(relation = 'next')"]),
        ],
        silent=[
            [FIRST],
            [measures("_sort=-date", answer=bundle(next_page=NEXT)), READ],  # the last measure alone was wanted
            [measures(PERIOD, answer=bundle(next_page=NEXT), fault="lien_boucle"), READ],
            [measures(PERIOD, answer=bundle()), READ],
        ],
    ),
    Case(
        "MES-27",
        accepted=[
            [measures(f"{PERIOD}&_offset=0&_count=20"), measures(f"{PERIOD}&_offset=1&_count=20")],
            [measures(f"{PERIOD}&_offset={page}&_count=2") for page in (0, 1, 2)],
        ],
        refused=[
            ([measures(f"{PERIOD}&_count=20"), measures(f"{PERIOD}&_offset=20&_count=20")], ["2 _offset"]),
            ([measures(f"{PERIOD}&_offset=0"), measures(f"{PERIOD}&_offset=50")], ["2 _offset"]),
            ([measures(f"{PERIOD}&_offset=-1")], ["1 _offset"]),
        ],
        silent=[[measures(PERIOD)], [FIRST, SECOND]],
    ),
    Case(
        "MES-55",
        accepted=[[READ]],
        refused=[
            (
                [action("lire_mesures", {"mesures": [{"auteur": "usager"}, {"valeur": 62.4}]})],
                ["1 lire_mesures.mesures[1].auteur"],
            )
        ],
        silent=[[action("lire_mesures", {"mesures": []})], [SECOND]],
    ),
]
