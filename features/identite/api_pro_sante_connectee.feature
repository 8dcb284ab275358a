# language: fr
@PSC @cible @DE1-TR-06
Fonctionnalité: Le DUI appelle une API Pro Santé Connectée au nom du professionnel
  Cadre d'urbanisation, coordination, §1.2.1 (bouquet de services aux professionnels) ; ANS, sécurisation des API Pro
  Santé Connectées, v1.2.0 : le jeton de Pro Santé Connect s'échange contre celui de l'API (RFC 8693).

  @officielle
  Scénario: Le produit échange son jeton Pro Santé Connect contre celui de l'API
    Étant donné un professionnel connecté par Pro Santé Connect
    Quand le professionnel consulte un cahier par une API Pro Santé Connectée
    Alors l'API lui répond
    Et l'API n'a reçu que le jeton qu'elle a remis

  @banc
  Scénario: Deux consultations rapprochées n'échangent qu'un jeton
    Étant donné un professionnel connecté par Pro Santé Connect
    Et que le professionnel a consulté un cahier par une API Pro Santé Connectée
    Quand le professionnel consulte un cahier par une API Pro Santé Connectée
    Alors l'API lui répond
    Et le produit n'a échangé qu'un jeton avec l'API

  @deduite @DE1-TR-05 @INSI @SC.PSC.10
  Scénario: Une seule connexion sert l'INSi et l'API
    Étant donné un professionnel connecté par Pro Santé Connect, avec le droit d'appeler l'INSi
    Et un usager sans INS, connu du produit
    Quand le professionnel récupère l'INS de l'usager par ses traits
    Et le professionnel consulte un cahier par une API Pro Santé Connectée
    Alors l'API lui répond
    Et l'identité de l'usager est récupérée, avec l'INS que rend l'INSi
    Et la trace de l'appel à l'INSi porte l'identité du professionnel
    Et le professionnel n'est passé qu'une fois par Pro Santé Connect

  @deduite
  Scénario: Un jeton que l'API refuse est renouvelé une fois et l'appel aboutit
    Étant donné un professionnel connecté par Pro Santé Connect
    Et que l'API refuse une fois le jeton présenté
    Quand le professionnel consulte un cahier par une API Pro Santé Connectée
    Alors l'API lui répond
    Et l'API n'a été consultée que deux fois

  @deduite
  Scénario: Un jeton que l'API refuse toujours n'est pas redemandé sans fin
    Étant donné un professionnel connecté par Pro Santé Connect
    Et que l'API refuse tout jeton présenté
    Quand le professionnel consulte un cahier par une API Pro Santé Connectée
    Alors le produit dit que la consultation a échoué
    Et l'API n'a été consultée que deux fois

  @deduite
  Scénario: Deux professionnels n'emploient jamais le jeton l'un de l'autre
    Étant donné un professionnel connecté par Pro Santé Connect
    Et un autre professionnel connecté par Pro Santé Connect
    Quand les deux professionnels consultent tour à tour un cahier par une API Pro Santé Connectée
    Alors l'API a reçu de chacun un jeton différent

  @banc
  Scénario: L'API indisponible, le produit le dit et garde la session
    Étant donné un professionnel connecté par Pro Santé Connect
    Et que l'API est indisponible
    Quand le professionnel consulte un cahier par une API Pro Santé Connectée
    Alors le produit dit que la consultation a échoué
    Et la session du professionnel reste ouverte
