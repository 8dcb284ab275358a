# language: fr
@MES @DE4-41-UC2 @REC-4.1.3
Fonctionnalité: Un portail non référencé n'échange rien avec Mon espace santé
  Cadre d'urbanisation, domaine d'étude 4, §1.2.3 cas d'usage 2 et recommandation 4.1.3 :
  un portail de services est référencé avant d'échanger événements, documents ou mesures.

  @officielle
  Scénario: Un produit référencé sans échange de données n'appelle pas Mon espace santé
    Étant donné un usager apparié qui consent à l'alimentation de son agenda
    Et que le produit est désormais référencé sans échange de données
    Quand le produit crée un rendez-vous pour l'usager le 16/12/2024 à 09:00
    Alors ni l'agenda ni les mesures de Mon espace santé n'ont été appelés
    Et le portail montre un seul événement à cet instant

  @deduite
  Scénario: Un service retiré du catalogue garde ses rendez-vous et cesse d'envoyer
    Étant donné un usager apparié qui consent à l'alimentation de son agenda
    Et que le service est retiré du catalogue de Mon espace santé
    Quand le produit crée un rendez-vous pour l'usager le 16/12/2024 à 10:00
    Alors l'agenda de Mon espace santé reste vide
    Et le portail montre un seul événement à cet instant
    Et plus aucun envoi ne part pour un nouveau rendez-vous

  @deduite
  Scénario: Un service retiré du catalogue cesse de lire l'agenda
    Étant donné un usager apparié qui consent à la lecture de son agenda
    Et que le service est retiré du catalogue de Mon espace santé
    Et que le portail a repris l'agenda de Mon espace santé pour l'année 2024
    Quand le portail reprend l'agenda de Mon espace santé pour l'année 2024
    Alors l'agenda de Mon espace santé n'a pas été appelé plus d'une fois
    Et le produit l'explique à l'usager

  @deduite
  Scénario: Un service retiré du catalogue cesse de lire les mesures
    Étant donné un usager apparié qui consent à la lecture de ses mesures
    Et que le service est retiré du catalogue de Mon espace santé
    Quand le produit lit la dernière mesure de poids de l'usager
    Et le produit lit la dernière mesure de poids de l'usager
    Alors les mesures de Mon espace santé n'ont pas été appelées plus d'une fois
    Et le produit ne montre aucune mesure
