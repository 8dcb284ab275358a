# language: fr
@MES @DE4-41-UC2 @REC-4.1.3
Fonctionnalité: Un portail non référencé n'échange rien avec Mon espace santé
  Cadre d'urbanisation, domaine d'étude 4, §1.2.3 cas d'usage 2 et recommandation 4.1.3 :
  un portail de services est référencé avant d'échanger événements, documents ou mesures.

  @officielle
  Scénario: Un produit référencé sans échange de données n'appelle pas Mon espace santé
    Étant donné un produit référencé sans échange de données
    Et un usager connu du produit
    Quand le produit crée un rendez-vous pour l'usager le 16/12/2024 à 09:00
    Et le portail reprend l'agenda de Mon espace santé pour l'année 2024
    Alors aucun échange n'a eu lieu avec Mon espace santé
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
  Scénario: Un service retiré du catalogue ne montre plus rien de l'agenda de Mon espace santé
    Étant donné un usager apparié qui consent à la lecture de son agenda
    Et l'usager a ajouté « Ostéopathe » à son Mon espace santé le 17/12/2024 à 17:30
    Et que le service est retiré du catalogue de Mon espace santé
    Quand le portail reprend l'agenda de Mon espace santé pour l'année 2024
    Alors le portail ne montre aucun événement de l'année 2024
    Et Mon espace santé n'a rendu aucun agenda

  @deduite
  Scénario: Un service retiré du catalogue ne lit plus les mesures
    Étant donné un usager apparié qui consent à la lecture de ses mesures
    Et l'usager a noté un poids de 62,4 kg le 10/07/2024 à 08:15
    Et que le service est retiré du catalogue de Mon espace santé
    Quand le produit lit la dernière mesure de poids de l'usager
    Alors le produit ne montre aucune mesure
    Et Mon espace santé n'a rendu aucune mesure
