# language: fr
@MES @cible @DE1-AGENDA-UC1-DOUBLON
Fonctionnalité: Un même rendez-vous n'apparaît qu'une fois dans l'agenda de Mon espace santé
  Cadre d'urbanisation, coordination, §1.2.4 cas d'usage 1 : le risque de doublon est cité, sans règle publiée.
  Convention du banc : un service et l'identifiant de son rendez-vous désignent un seul événement.

  @banc
  Scénario: Une réponse perdue ne crée pas de doublon
    Étant donné un usager apparié qui consent à l'alimentation de son agenda
    Et que Mon espace santé coupe la connexion après avoir enregistré
    Quand le produit crée un rendez-vous pour l'usager le 28/10/2024 à 10:30
    Et le produit reprend ses envois en attente
    Alors l'agenda de Mon espace santé montre un seul événement à cet instant

  @banc
  Scénario: Un envoi répété ne crée pas de doublon
    Étant donné un usager apparié qui consent à l'alimentation de son agenda
    Et un rendez-vous de l'usager le 28/10/2024 à 11:30
    Quand le produit envoie de nouveau ce rendez-vous
    Alors l'agenda de Mon espace santé montre un seul événement à cet instant

  @banc
  Scénario: Un rendez-vous saisi dans le DUI et vu du portail n'arrive qu'une fois
    Étant donné un usager apparié qui consent à l'alimentation et à la lecture de son agenda
    Quand le professionnel saisit dans le DUI un rendez-vous pour l'usager le 29/10/2024 à 14:00
    Et le portail reprend l'agenda de Mon espace santé pour l'année 2024
    Et le produit reprend ses envois en attente
    Alors l'agenda de Mon espace santé montre un seul événement à cet instant
    Et le portail montre un seul événement à cet instant

  @banc
  Scénario: Un événement lu dans Mon espace santé n'y revient pas
    Étant donné un usager apparié qui consent à l'alimentation et à la lecture de son agenda
    Et l'usager a ajouté « Ostéopathe » à son Mon espace santé le 30/10/2024 à 17:30
    Quand le portail reprend l'agenda de Mon espace santé pour l'année 2024
    Et le produit reprend ses envois en attente
    Alors Mon espace santé garde l'événement de l'usager tel quel
    Et rien n'a été écrit dans l'agenda de Mon espace santé
