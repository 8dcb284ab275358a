# language: fr
@MES @DE1-AGENDA-UC1-AJOUT
Fonctionnalité: L'usager ajoute ses propres rendez-vous dans Mon espace santé
  Cadre d'urbanisation, coordination, §1.2.4 cas d'usage 1 : l'usager ou son représentant peut aussi ajouter
  des rendez-vous. Mon espace santé distingue les événements de l'usager de ceux d'un service (application publiée).

  @deduite
  Scénario: Un rendez-vous ajouté par l'usager apparaît sur le portail avec son origine
    Étant donné un usager apparié qui consent à la lecture de son agenda
    Et l'usager a ajouté « Ostéopathe » à son Mon espace santé le 05/11/2024 à 17:30
    Quand le portail reprend l'agenda de Mon espace santé pour l'année 2024
    Alors le portail montre « Ostéopathe » le 05/11/2024 à 17:30
    Et le portail dit que cet événement vient de l'usager

  @deduite
  Scénario: Le produit ne change pas un rendez-vous ajouté par l'usager
    Étant donné un usager apparié qui consent à l'alimentation et à la lecture de son agenda
    Et l'usager a ajouté « Ostéopathe » à son Mon espace santé le 05/11/2024 à 17:30
    Et le portail a repris l'agenda de Mon espace santé pour l'année 2024
    Quand le produit tente de renommer l'événement de l'usager en « Séance au cabinet »
    Alors Mon espace santé garde l'événement de l'usager tel quel
    Et rien n'a été écrit dans l'agenda de Mon espace santé
