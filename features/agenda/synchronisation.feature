# language: fr
@MES @cible @REC-1.1.10
Fonctionnalité: Le portail référencé et Mon espace santé se synchronisent si l'usager y consent
  Cadre d'urbanisation, coordination, recommandation 1.1.10.

  @deduite
  Scénario: Avec l'accord de l'usager, les rendez-vous passent dans les deux sens
    Étant donné un usager apparié qui consent à l'alimentation et à la lecture de son agenda
    Et l'usager a ajouté « Ostéopathe » à son Mon espace santé le 05/11/2024 à 17:30
    Quand le produit crée un rendez-vous pour l'usager le 07/11/2024 à 10:00
    Et le portail reprend l'agenda de Mon espace santé pour l'année 2024
    Alors l'agenda de Mon espace santé montre un seul événement à cet instant
    Et le portail montre « Ostéopathe » le 05/11/2024 à 17:30

  @officielle
  Scénario: Sans appariement, aucun rendez-vous ne passe, ni dans un sens ni dans l'autre
    Étant donné un usager connu du produit
    Quand le produit crée un rendez-vous pour l'usager le 07/11/2024 à 10:00
    Et le portail reprend l'agenda de Mon espace santé pour l'année 2024
    Alors aucun échange n'a eu lieu avec Mon espace santé
    Et le portail montre un seul événement à cet instant
