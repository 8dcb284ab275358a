# language: fr
@MES @DE4-41-UC1
Fonctionnalité: L'usager apparie le portail à son Mon espace santé
  Cadre d'urbanisation, domaine d'étude 4, §1.2.3 cas d'usage 1. L'API Appariement (CNAM, v2.1) repose sur OAuth 2.0
  (RFC 6749) : l'usager, déjà connecté au portail, se connecte à Mon espace santé et y donne ses accords.

  @deduite
  Scénario: L'usager connecté au portail apparie son Mon espace santé
    Étant donné un usager connu du produit
    Quand l'usager demande l'appariement depuis le portail
    Alors Mon espace santé lui présente le service et son identité au portail
    Quand l'usager y accepte l'alimentation de son agenda
    Alors le produit montre l'appariement établi

  @deduite
  Scénario: Le catalogue de Mon espace santé mène à l'appariement
    Étant donné un usager connu du produit
    Quand l'usager ouvre le service depuis le catalogue de Mon espace santé
    Et l'usager y accepte l'alimentation de son agenda
    Alors le produit montre l'appariement établi

  @deduite
  Scénario: L'usager refuse l'appariement sur la page de Mon espace santé
    Étant donné un usager connu du produit
    Quand l'usager demande l'appariement depuis le portail
    Et l'usager refuse l'appariement
    Alors le produit montre l'appariement absent
    Et le produit l'explique à l'usager

  @officielle
  Scénario: Sans session ouverte sur le portail, l'appariement ne commence pas
    Étant donné un usager connu du produit
    Quand l'appariement est demandé pour l'usager sans session sur le portail
    Alors le produit refuse
    Et aucun échange n'a eu lieu avec Mon espace santé

  Règle: Un retour de Mon espace santé ne vaut que pour la demande qui l'a ouverte
    RFC 6749, §4.1.2 (code à usage unique) et §10.12 (demande liée à la session).

    @officielle
    Scénario: Un retour d'appariement rejoué n'est pas échangé une seconde fois
      Étant donné un usager connu du produit
      Quand l'usager demande l'appariement depuis le portail
      Et l'usager y accepte l'alimentation de son agenda
      Et le navigateur de l'usager rejoue le retour vers le portail
      Alors le code d'appariement n'a pas été échangé deux fois

    @officielle
    Scénario: Le retour obtenu par un autre usager est rejeté
      Étant donné un usager connu du produit
      Et un autre usager connu du produit
      Quand l'autre usager obtient un retour d'appariement sans le suivre
      Et ce retour est ouvert dans la session de l'usager
      Alors le code d'appariement n'a pas été échangé
      Et le produit montre l'appariement absent

    @officielle
    Scénario: Un retour à l'état inventé est rejeté
      Étant donné un usager connu du produit
      Quand l'usager obtient un retour d'appariement sans le suivre
      Et ce retour est ouvert avec un état inventé
      Alors le code d'appariement n'a pas été échangé

  Règle: Le produit ne se fie qu'à un jeton d'identité qu'il a vérifié
    OpenID Connect Core 1.0, §3.1.3.7 ; que Mon espace santé le signe et le date ainsi est une convention du banc.

    @banc
    Plan du scénario: Un jeton d'identité <défaut> ne crée pas d'appariement
      Étant donné un usager connu du produit
      Et que Mon espace santé remet un jeton d'identité <défaut>
      Quand l'usager demande l'appariement depuis le portail
      Et l'usager y accepte l'alimentation de son agenda
      Et le produit crée un rendez-vous pour l'usager le 02/12/2024 à 09:00
      Alors le produit montre l'appariement absent
      Et ni l'agenda ni les mesures de Mon espace santé n'ont été appelés

      Exemples:
        | défaut              |
        | mal signé           |
        | d'une autre demande |
        | d'un autre service  |
