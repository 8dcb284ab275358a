# language: fr
@MES @DE4-41-UC1
Fonctionnalité: Le produit tient l'appariement tel qu'il est dans Mon espace santé
  Cadre d'urbanisation, domaine d'étude 4, §1.2.3 cas d'usage 1 ; API Appariement v2.1, §4.5 (états des comptes
  appariés, texte non public) : les états ci-dessous sont déduits de l'application Mon espace santé publiée.

  Règle: Un accès se renouvelle sans boucler

    @deduite
    Scénario: Un accès expiré est renouvelé une fois et le rendez-vous arrive
      Étant donné un usager apparié qui consent à l'alimentation de son agenda
      Et que son accès à Mon espace santé a expiré
      Quand le produit crée un rendez-vous pour l'usager le 09/12/2024 à 09:00
      Alors l'agenda de Mon espace santé montre un seul événement à cet instant
      Et l'accès n'a été renouvelé qu'une fois
      Quand son accès à Mon espace santé expire de nouveau
      Et le produit crée un rendez-vous pour l'usager le 09/12/2024 à 09:30
      Alors l'agenda de Mon espace santé montre un seul événement à cet instant

    @deduite
    Scénario: Un accès refusé aussitôt renouvelé n'est pas redemandé sans fin
      Étant donné un usager apparié qui consent à l'alimentation de son agenda
      Et que Mon espace santé refuse tout accès, même renouvelé
      Quand le produit crée un rendez-vous pour l'usager le 09/12/2024 à 11:00
      Alors l'accès n'a été renouvelé qu'une fois
      Et le produit montre l'appariement rompu

    @deduite
    Scénario: Un renouvellement refusé rompt l'appariement et arrête les envois
      Étant donné un usager apparié qui consent à l'alimentation de son agenda
      Et que son accès à Mon espace santé ne peut plus être renouvelé
      Quand le produit crée un rendez-vous pour l'usager le 09/12/2024 à 10:00
      Alors le produit montre l'appariement rompu
      Et plus aucun envoi ne part pour un nouveau rendez-vous

  Règle: Chacun peut rompre l'appariement, de son côté

    @banc
    Scénario: L'usager rompt l'appariement depuis le portail
      Étant donné un usager apparié qui consent à l'alimentation de son agenda
      Quand l'usager rompt l'appariement depuis le portail
      Alors le produit montre l'appariement absent
      Et le produit a rendu ses accès à Mon espace santé
      Et plus aucun envoi ne part pour un nouveau rendez-vous

    @deduite
    Scénario: Une rupture faite dans Mon espace santé est vue au premier envoi
      Étant donné un usager apparié qui consent à l'alimentation de son agenda
      Et que l'usager a rompu l'appariement dans Mon espace santé
      Quand le produit crée un rendez-vous pour l'usager le 10/12/2024 à 09:00
      Alors le produit montre l'appariement rompu
      Et le produit l'explique à l'usager
      Et plus aucun envoi ne part pour un nouveau rendez-vous

    @deduite
    Scénario: Après une rupture, un nouvel appariement rouvre l'échange
      Étant donné un usager apparié qui consent à l'alimentation de son agenda
      Et que l'usager a rompu l'appariement dans Mon espace santé
      Et que l'usager a de nouveau apparié le portail, avec l'alimentation de son agenda
      Quand le produit crée un rendez-vous pour l'usager le 10/12/2024 à 10:00
      Alors l'agenda de Mon espace santé montre un seul événement à cet instant
      Et le produit montre l'appariement établi

  Règle: Le produit s'arrête quand Mon espace santé suspend l'échange, et ne perd rien

    @deduite
    Scénario: Un service suspendu n'envoie plus, puis reprend
      Étant donné un usager apparié qui consent à l'alimentation de son agenda
      Et que Mon espace santé a suspendu le service
      Quand le produit crée un rendez-vous pour l'usager le 11/12/2024 à 09:00
      Alors le produit montre l'appariement suspendu
      Quand Mon espace santé remet le service en ligne
      Et le produit reprend ses envois en attente
      Alors l'agenda de Mon espace santé montre un seul événement à cet instant

    @deduite
    Scénario: Une nouvelle version du service n'ouvre rien avant que l'usager l'ait reconnue
      Étant donné un service référencé sans la lecture des mesures
      Et un usager apparié qui consent à l'alimentation de son agenda
      Et que le service annonce une nouvelle version, avec la lecture des mesures
      Et que l'usager a donné son accord pour la lecture des mesures sans reconnaître la version
      Et que son accès à Mon espace santé a expiré
      Quand le produit crée un rendez-vous pour l'usager le 11/12/2024 à 10:00
      Et le produit lit la dernière mesure de poids de l'usager
      Alors l'agenda de Mon espace santé montre un seul événement à cet instant
      Et le produit montre l'appariement en attente de reconnaissance

    @deduite
    Scénario: Devenu majeur, l'usager confirme avant que l'échange reprenne
      Étant donné une mère connue du produit
      Et son enfant de 17 ans, apparié par elle, avec l'alimentation de son agenda
      Et que l'enfant est devenu majeur
      Quand le produit crée un rendez-vous pour l'enfant le 11/12/2024 à 11:00
      Alors le produit montre l'appariement à confirmer par l'usager devenu majeur
      Quand l'usager devenu majeur confirme ses accords dans Mon espace santé
      Et le produit reprend ses envois en attente
      Alors l'agenda de Mon espace santé montre un seul événement à cet instant

  Règle: Une erreur de configuration s'adresse à l'exploitant, pas à l'usager

    @banc
    Scénario: Un identifiant de service refusé alerte l'exploitant et n'est pas réessayé
      Étant donné un usager apparié qui consent à l'alimentation de son agenda
      Et que Mon espace santé ne reconnaît plus l'identifiant du service
      Quand le produit crée un rendez-vous pour l'usager le 12/12/2024 à 09:00
      Et le produit reprend ses envois en attente
      Alors le produit alerte son exploitant
      Et l'agenda de Mon espace santé n'a pas été appelé plus d'une fois

  Règle: Les jetons restent entre serveurs
    RFC 6749, §10.3 et §10.4 ; arrêté du 23 octobre 2023, règles de sécurité du référencement avec échange.

    @deduite
    Scénario: Aucun jeton ne paraît dans les pages ni dans le journal technique du produit
      Étant donné un usager apparié qui consent à l'alimentation de son agenda
      Quand le produit crée un rendez-vous pour l'usager le 12/12/2024 à 10:00
      Et l'usager ouvre son agenda sur le portail
      Alors aucun jeton ne paraît dans les pages du portail
      Et aucun jeton ne paraît dans le journal technique du produit
