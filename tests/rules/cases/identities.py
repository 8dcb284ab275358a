"""Tables of rules/identities.py, rules/identity_sent.py, rules/identity_received.py, rules/identity_access.py."""

from tests.rules.cases import Case
from tests.rules.identity import (
    FORMER,
    MATRICULE,
    changed,
    declared,
    found,
    identity,
    insi_call,
    marked,
    professional,
    proved,
    received,
    retrieved,
    verified,
)
from tests.rules.journal import action, create, http, page

OK, KO = insi_call("verification", "OK"), insi_call("verification", "KO")
CONFIRMED = action("confirmer_ins", {"statut": "recuperee"}, usager="u1", accepter=True)
ASKED = retrieved("00", "provisoire", result={"a_confirmer": {"nom_naissance": "X"}})
QUALIFIED = identity("qualifiee", matricule=MATRICULE)
TAKEN = identity("recuperee", matricule=MATRICULE)
SENT = http("dmp.depot", "POST", "/dmp", f"<PID>{MATRICULE}^^^</PID>")
HISTORY = [
    {"statut": "provisoire", "date": "2024-10-20", "auteur": "x"},
    {"statut": "validee", "date": "2024", "auteur": "y"},
]
LOCKED = ["nom_naissance", "premier_prenom", "sexe", "date_naissance", "lieu_naissance"]
RULER = professional("chef", droits=["ins", "administration"])
BARRED = professional("pro1", droits=["dossier"])
OLD = insi_call(answer=found(former=FORMER))


def searched(usagers: list[str] | None = None, status: int = 200, **asked: str) -> dict[str, object]:
    return action("rechercher_identite", {"usagers": usagers or []}, status, **asked)


CASES = [
    Case(
        "INS-11",
        accepted=[
            [declared(), identity(), proved(), insi_call(), retrieved("00", "qualifiee")],
            [declared(), insi_call(), retrieved(), proved("qualifiee")],
            [declared(), retrieved("01", "provisoire"), ASKED, CONFIRMED, identity("recuperee")],
            [declared(), insi_call(), retrieved(), KO, verified("KO", "provisoire"), identity()],
        ],
        refused=[
            ([declared(), identity("validee")], ["2 lire_identite.statut"]),
            ([declared(), proved("provisoire")], ["2 enregistrer_justificatif.statut"]),
            ([declared(), insi_call(), retrieved("00", "provisoire")], ["3 recuperer_ins.statut"]),
            ([declared(), insi_call(), retrieved("00", "qualifiee")], ["3 recuperer_ins.statut"]),
            ([declared(), proved(), insi_call(), retrieved("00", "recuperee")], ["4 recuperer_ins.statut"]),
        ],
        silent=[
            [declared(ins={"matricule": "x", "oid": "y"}), identity("qualifiee")],
            [identity("validee")],
            [declared(), proved("validee", "livret_famille"), identity("validee")],
            [declared(), changed("provisoire", nom_naissance="X")],
        ],
    ),
    Case(
        "INS-12",
        accepted=[[declared(), proved(), retrieved("00", "qualifiee")]],
        refused=[([declared(), retrieved("00", "qualifiee")], ["2 recuperer_ins.statut"])],
        silent=[
            [identity("qualifiee")],
            [declared(ins={"matricule": "x"}), identity("qualifiee")],
            [declared(), identity()],
        ],
    ),
    Case(
        "INS-13",
        accepted=[[marked(), retrieved("bloque", "provisoire")], [marked("fictive"), verified("bloque", "provisoire")]],
        refused=[
            ([marked(), insi_call(), retrieved()], ["2 appel"]),
            ([marked("fictive"), KO, verified("KO", "provisoire")], ["2 appel"]),
        ],
        silent=[
            [marked(), marked(valeur=False), insi_call(), retrieved()],
            [marked("homonyme"), insi_call(), retrieved()],
            [insi_call(), retrieved()],
        ],
    ),
    Case(
        "INS-14",
        accepted=[
            [identity("recuperee"), changed("recuperee", 422, nom_naissance="X")],
            [identity("qualifiee"), changed("qualifiee", nom_utilise="X")],
            [RULER, identity("qualifiee"), changed("provisoire", par="chef", sexe="M")],
            [identity("qualifiee", verrouilles=LOCKED)],
        ],
        refused=[
            (
                [identity("recuperee"), changed("recuperee", nom_naissance="X")],
                ["2 modifier_identite.traits.nom_naissance"],
            ),
            ([identity("qualifiee"), changed("qualifiee", 422, nom_utilise="X")], ["2 modifier_identite.traits"]),
            ([identity("qualifiee", verrouilles=LOCKED[1:])], ["1 lire_identite.verrouilles"]),
            ([identity("qualifiee", verrouilles=[*LOCKED, "nom_utilise"])], ["1 lire_identite.verrouilles"]),
        ],
        silent=[[identity(), changed(nom_naissance="X")], [changed(nom_naissance="X")], [identity("qualifiee")]],
    ),
    Case(
        "INS-15",
        accepted=[[identity("qualifiee"), changed("provisoire", sexe="M"), identity()]],
        refused=[
            ([identity("qualifiee"), changed("qualifiee", sexe="M")], ["2 modifier_identite.statut"]),
            ([identity("recuperee"), changed(sexe="M"), identity(matricule=MATRICULE)], ["3 lire_identite.matricule"]),
            ([identity("recuperee"), changed(sexe="M"), identity(oid="x")], ["3 lire_identite.oid"]),
        ],
        silent=[
            [identity("qualifiee"), changed("qualifiee", 422, sexe="M")],
            [identity("qualifiee"), changed("qualifiee", nom_utilise="X")],
        ],
    ),
    Case(
        "INS-16",
        accepted=[
            [QUALIFIED, SENT],
            [TAKEN, http("dmp.depot", "POST", "/dmp", "<PID/>"), action("deposer", usager="u1")],
            [TAKEN, SENT, proved("qualifiee")],
        ],
        refused=[
            ([TAKEN, SENT], ["2 corps"]),
            ([TAKEN, create({"x": MATRICULE})], ["2 corps"]),
            ([TAKEN, http("ror.lecture", target=f"/ror/x?id=1%7C{MATRICULE}")], ["2 adresse"]),
            ([declared(), insi_call(), retrieved(), http("x.y", headers=[("X", MATRICULE[:13])])], ["4 en-têtes"]),
            ([identity("qualifiee", matricule=MATRICULE), identity(), SENT], ["3 corps"]),
        ],
        silent=[
            [SENT],
            [declared(ins={"matricule": MATRICULE, "oid": "x"}), SENT],
            [TAKEN, insi_call("verification", "OK", body=MATRICULE), verified()],
            [TAKEN, page(answer=MATRICULE)],
        ],
    ),
    Case(
        "INS-17",
        accepted=[
            [KO, verified("KO", "provisoire"), identity(liste_de_travail=True)],
            [KO, verified("KO", "provisoire")],
        ],
        refused=[
            ([KO, verified("OK", "qualifiee")], ["2 verifier_ins.resultat"]),
            ([KO, verified("KO", "qualifiee")], ["2 verifier_ins.statut"]),
            ([KO, verified("KO", "provisoire"), identity(matricule=MATRICULE)], ["3 lire_identite.matricule"]),
            (
                [KO, verified("KO", "provisoire"), identity(liste_de_travail=False)],
                ["3 lire_identite.liste_de_travail"],
            ),
        ],
        silent=[[OK, verified()], [verified("KO", "qualifiee")]],
    ),
    Case(
        "INS-18",
        accepted=[[received()], [OK, received(statut="qualifiee")], [identity(usager="u9"), received("rapprochee")]],
        refused=[
            ([received(statut="qualifiee")], ["1 recevoir_identite.statut"]),
            ([received(), identity("qualifiee", usager="u9")], ["1 recevoir_identite.statut"]),
            ([identity(usager="u9"), received("rapprochee", "qualifiee")], ["2 recevoir_identite.statut"]),
        ],
        silent=[
            [identity("qualifiee", usager="u9"), received("inchangee", "qualifiee")],
            [action("recevoir_identite", {"resultat": "creee", "usager": "u9"}, origine="a", statut="provisoire")],
        ],
    ),
    Case(
        "INS-19",
        accepted=[
            [KO, received(), identity(usager="u9")],
            [
                identity("qualifiee", usager="u9", matricule=MATRICULE),
                KO,
                received("inchangee"),
                identity("qualifiee", usager="u9", matricule=MATRICULE),
            ],
        ],
        refused=[
            ([KO, received(), identity(usager="u9", matricule=MATRICULE)], ["3 lire_identite.matricule"]),
            ([KO, received(statut="recuperee")], ["2 recevoir_identite.statut"]),
            (
                [identity(usager="u9"), KO, received("inchangee"), identity(usager="u9", matricule=MATRICULE)],
                ["4 lire_identite"],
            ),
        ],
        silent=[[OK, received()], [received()]],
    ),
    Case(
        "INS-20",
        accepted=[[KO, received(document="CR", result={"document_classe": False, "message": "À traiter."})]],
        refused=[
            ([KO, received(document="CR", result={"document_classe": True})], ["2 recevoir_identite.document_classe"]),
            ([KO, received(document="CR", result={"document_classe": False})], ["2 recevoir_identite.message"]),
            (
                [KO, received(document="CR", result={"message": "!"}), identity(usager="u9", liste_de_travail=False)],
                ["3 lire_identite.liste_de_travail"],
            ),
        ],
        silent=[[KO, received()], [OK, received(document="CR", result={"document_classe": True})]],
    ),
    Case(
        "INS-22",
        accepted=[[identity(), proved(), identity("validee", historique=HISTORY)]],
        refused=[
            ([identity(), proved(), identity("validee")], ["3 lire_identite.historique"]),
            ([identity(), proved(), identity("validee", historique=HISTORY[1:])], ["3 lire_identite.historique"]),
            (
                [identity(), proved(), identity("validee", historique=[HISTORY[0], {**HISTORY[1], "auteur": ""}])],
                ["3 lire_identite.historique"],
            ),
        ],
        silent=[[identity()], [identity(), proved()]],
    ),
    Case(
        "INS-23",
        accepted=[
            [searched(["u1"], matricule=MATRICULE)],
            [searched(status=422, matricule="248022A004123")],
            [searched([], matricule="248022A00412324")],
        ],
        refused=[
            ([searched(["u1"], matricule="248022A004123")], ["1 rechercher_identite.matricule"]),
            ([searched(["u1"], matricule="248022A00412324")], ["1 rechercher_identite.matricule"]),
            ([searched(status=422, matricule=MATRICULE)], ["1 rechercher_identite.matricule"]),
        ],
        silent=[[searched(debut="TES")], [searched(status=422, matricule=MATRICULE, par="pro1")]],
    ),
    Case(
        "INS-24",
        accepted=[
            [declared(nom="D'Éon-Petit"), searched(["u1"], date_naissance="1948-02-01", debut="d eon")],
            [declared(nom_utilise="Durand"), searched(["u1", "u2"], date_naissance="1948-02-01", debut="DUR")],
        ],
        refused=[
            (
                [declared(nom="D'Éon-Petit"), searched(date_naissance="1948-02-01", debut="D'EON")],
                ["2 rechercher_identite.usagers"],
            ),
            (
                [declared(nom_utilise="Durand"), searched(date_naissance="1948-02-01", debut="Dur")],
                ["2 rechercher_identite.usagers"],
            ),
        ],
        silent=[
            [declared(), searched(date_naissance="1950-02-01", debut="TES")],
            [declared(), searched(date_naissance="1948-02-01", debut="X")],
            [declared(), searched(status=422, date_naissance="1948-02-01", debut="TES")],
        ],
    ),
    Case(
        "INS-25",
        accepted=[[declared()], [declared(lieu_naissance="99999")], [declared(status=422, lieu_naissance="")]],
        refused=[
            ([declared(lieu_naissance="")], ["1 declarer_usager"]),
            ([declared(prenoms=[" "])], ["1 declarer_usager"]),
            ([declared(status=422, lieu_naissance="99999")], ["1 declarer_usager.lieu_naissance"]),
        ],
        silent=[[action("declarer_usager", {"usager": "u1"}, nom="X")]],
    ),
    Case(
        "INS-28",
        accepted=[[BARRED, retrieved("bloque", "provisoire", par="pro1")], [BARRED, identity(par="pro1")]],
        refused=[
            ([BARRED, insi_call(), retrieved(par="pro1")], ["2 appel"]),
            ([BARRED, identity(par="pro1", matricule=MATRICULE)], ["2 lire_identite.matricule"]),
        ],
        silent=[
            [professional("pro1", droits=["ins"]), insi_call(), retrieved(par="pro1")],
            [professional("pro1"), identity(par="pro1", matricule=MATRICULE)],
            [identity(par="pro1", matricule=MATRICULE)],
        ],
    ),
    Case(
        "INS-29",
        accepted=[[OLD, retrieved(), identity("recuperee", matricule=MATRICULE)]],
        refused=[
            ([OLD, retrieved(), identity("recuperee", matricule=FORMER)], ["3 lire_identite.matricule"]),
            ([OLD, retrieved(), insi_call("verification", "KO", body=FORMER)], ["3 matricule"]),
        ],
        silent=[[insi_call(), retrieved(), identity(matricule=MATRICULE)], [identity(matricule=FORMER)]],
    ),
]
