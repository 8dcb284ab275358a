"""Tables of rules/transport.py."""

from tests.rules.cases import Case
from tests.rules.identity import authorize, exchange, insi_call, refused_handshake, retrieved, tls, token
from tests.rules.journal import action, began, page

ASKED = retrieved("erreur")
CHOSEN = action("configurer", certificats={"client": "/x/ou-faux.pem", "cle": "y", "autorites": "z"})
CHOSEN_RIGHT = action("configurer", certificats={"client": "/x/client.pem", "cle": "y", "autorites": "z"})

CASES = [
    Case(
        "SEC-01",
        accepted=[[insi_call(tls=tls())], [token(tls=tls("TLSv1.2", client=None))]],
        refused=[
            ([insi_call(tls=tls("TLSv1.1"))], ["1 version de TLS"]),
            ([refused_handshake("version"), ASKED], ["1 version de TLS"]),
        ],
        # nothing says that the product made the handshake; a browser is not the product
        silent=[
            [refused_handshake("version")],
            [refused_handshake("version"), began(ASKED, 1)],
            [authorize(), insi_call()],
            [refused_handshake("certificat-expire"), ASKED],
        ],
    ),
    Case(
        "SEC-02",
        accepted=[[insi_call(tls=tls())]],
        refused=[([insi_call(tls=tls("TLSv1.2"))], ["1 version de TLS"])],
        silent=[[insi_call()], [refused_handshake("version")]],
    ),
    Case(
        "SEC-03",
        accepted=[[refused_handshake("refus-du-client", "serveur-expire"), ASKED]],
        refused=[
            ([insi_call(tls=tls(server="serveur-autre-nom")), ASKED], ["1 certificat du serveur"]),
            ([insi_call(tls=tls(server="serveur-autorite-inconnue"))], ["1 certificat du serveur"]),
        ],
        silent=[
            [insi_call(tls=tls())],
            [refused_handshake("refus-du-client", "serveur-expire")],
            [refused_handshake("refus-du-client"), ASKED],
        ],
    ),
    Case(
        "SEC-04",
        accepted=[[refused_handshake("refus-du-client", "serveur-revoque"), page()]],
        refused=[([exchange(tls=tls(server="serveur-revoque"))], ["1 certificat du serveur"])],
        silent=[[insi_call(tls=tls())], [insi_call(tls=tls(server="serveur-expire"))]],
    ),
    Case(
        "SEC-05",
        accepted=[[insi_call(tls=tls())], [token(space="confiance", tls=tls())]],
        refused=[
            ([refused_handshake("certificat-absent"), ASKED], ["1 certificat client"]),
            ([exchange(tls=tls(client=None))], ["1 certificat client"]),
        ],
        silent=[
            [insi_call()],
            [token(space="communautaire", tls=tls(client=None))],
            [refused_handshake("certificat-absent")],
        ],
    ),
    Case(
        "SEC-06",
        accepted=[[insi_call(tls=tls())], [exchange(tls=tls(ou="399900000100015"))]],
        refused=[
            ([insi_call(tls=tls(ou="PAS-UNE-STRUCTURE"))], ["1 certificat client, OU"]),
            ([insi_call(tls=tls(ou=None))], ["1 certificat client, OU"]),
            ([CHOSEN_RIGHT, insi_call(tls=tls(ou="X"))], ["2 certificat client, OU"]),
        ],
        silent=[
            [CHOSEN, insi_call(tls=tls(ou="PAS-UNE-STRUCTURE"))],
            [insi_call(tls=tls(ou="x", issuer="CN=AC PROFESSIONNELS FICTIVE DU BANC"))],
            [insi_call()],
        ],
    ),
]
