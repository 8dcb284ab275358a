# language: fr
@MES @REC-1.1.9
Fonctionnalité: L'agenda de la personne est consolidé dans Mon espace santé
  Cadre d'urbanisation, coordination, recommandation 1.1.9.

  @deduite
  Scénario: L'agenda réunit les rendez-vous du produit, de l'usager et d'une autre structure
    Étant donné un usager apparié qui consent à l'alimentation de son agenda
    Et l'usager a ajouté « Ostéopathe » à son Mon espace santé le 05/11/2024 à 17:30
    Et une autre structure a ajouté « Radiographie » à l'agenda de l'usager le 06/11/2024 à 08:30
    Quand le produit crée un rendez-vous pour l'usager le 07/11/2024 à 10:00
    Alors l'agenda de Mon espace santé montre trois événements
    Et l'agenda de Mon espace santé montre un seul événement à cet instant

  @banc
  Scénario: Deux structures annoncent la même visite et aucune n'efface celle de l'autre
    Étant donné un usager apparié qui consent à l'alimentation et à la lecture de son agenda
    Et une autre structure a ajouté « Visite à domicile » à l'agenda de l'usager le 12/11/2024 à 10:00
    Et le portail a repris l'agenda de Mon espace santé pour l'année 2024
    Quand le produit crée un rendez-vous « Visite à domicile » pour l'usager le 12/11/2024 à 10:00
    Alors l'agenda de Mon espace santé montre deux événements
    Et Mon espace santé garde l'événement de l'autre structure tel quel
