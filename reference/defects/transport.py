"""Defects of TLS and certificates: they show over real sockets only."""

from __future__ import annotations

from reference.defects import changes
from reference.defects.kind import Defect
from reference.spoil import Outgoing, outgoing, switch

_EXCHANGE = outgoing("POST", "/api-psc/oauth2/token").only_if(changes.not_for_the_agenda)
_INSI = outgoing("POST", "/insi/lps")
_TO_THE_API = outgoing("GET", "").only_if(lambda request: "/api-psc/cahier/" in request.path)
HEXADECIMAL = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def _automatic(request: Outgoing) -> None:
    request.certificate = "insi_auto"


DEFECTS = (
    Defect(
        "tls-ancien",
        ("SEC-01",),
        "Le produit ne connaît que TLS 1.0 et 1.1.",
        switch("tls_ancien"),
        sockets=True,
    ),
    Defect(
        "tls-1-2-au-plus",
        ("SEC-02",),
        "Le produit s'en tient à TLS 1.2 quand le service offre TLS 1.3.",
        switch("tls_1_2_au_plus"),
        sockets=True,
    ),
    Defect(
        "tls-serveur-non-verifie",
        ("SEC-03", "SEC-04"),
        "Le produit accepte n'importe quel certificat de serveur.",
        switch("tls_sans_verification"),
        sockets=True,
    ),
    Defect(
        "tls-revocation-non-verifiee",
        ("SEC-04",),
        "Le produit accepte un serveur dont le certificat est révoqué.",
        switch("tls_sans_revocation"),
        sockets=True,
    ),
    Defect(
        "tls-sans-certificat",
        ("SEC-05",),
        "Le produit ne présente pas de certificat client.",
        switch("tls_sans_certificat"),
        also={"PSC-09": "dans l'espace de confiance, rien d'autre n'authentifie le produit"},
        sockets=True,
    ),
    Defect(
        "tls-certificat-sans-structure",
        ("SEC-06",),
        "Le certificat présenté à l'INSi ne nomme aucune structure dans son OU.",
        switch("tls_ou_faux"),
        sockets=True,
    ),
    Defect(
        "api-psc-autre-certificat",
        ("SEC-08",),
        "L'appel de l'API présente un autre certificat que l'échange de jeton.",
        _TO_THE_API.and_then(_automatic),
        sockets=True,
    ),
    Defect(
        "api-psc-cnf-hexadecimal",
        ("SEC-10",),
        "L'empreinte du certificat est écrite en hexadécimal dans cnf.",
        _EXCHANGE.only_if(lambda request: bool((request.form or {}).get("cnf"))).form(
            "cnf", f'{{"x5t#S256": "{HEXADECIMAL}"}}'
        ),
        sockets=True,
    ),
    Defect(
        "insi-certificat-des-appels-automatiques",
        ("INS-04",),
        "L'appel d'un utilisateur à l'INSi porte le certificat des appels automatiques.",
        _INSI.and_then(_automatic),
        sockets=True,
    ),
    Defect(
        "psc-secret-en-confiance",
        ("PSC-09",),
        "Dans l'espace de confiance, le secret du produit part avec son certificat.",
        switch("psc_secret_en_confiance"),
        sockets=True,
    ),
    Defect(
        "certificat-refuse-muet",
        (),
        "Quand l'INSi refuse le certificat du produit, le professionnel n'en est pas averti.",
        switch("certificat_refuse_muet"),
        sockets=True,
    ),
)
