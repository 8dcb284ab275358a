# language: fr
@MES @cible @DE1-AGENDA-FAP
Fonctionnalité: Le portail reprend les événements connus de Mon espace santé
  Cadre d'urbanisation, coordination, §1.2.5 flux A' : selon le choix de l'éditeur, le portail consolide tous les
  événements de l'usager, quelle que soit la structure qui les a écrits.

  @deduite
  Scénario: Un rendez-vous écrit par une autre structure apparaît avec son origine
    Étant donné un usager apparié qui consent à la lecture de son agenda
    Et une autre structure a ajouté « Consultation à l'hôpital » à l'agenda de l'usager le 07/11/2024 à 08:30
    Quand le portail reprend l'agenda de Mon espace santé pour l'année 2024
    Alors le portail montre « Consultation à l'hôpital » le 07/11/2024 à 08:30
    Et le portail dit que cet événement vient d'ailleurs

  @deduite
  Scénario: Un rendez-vous reçu en temps universel se lit à l'heure du lieu
    Étant donné un usager apparié qui consent à la lecture de son agenda
    Et une autre structure a ajouté « Scanner » à l'agenda de l'usager le 10/07/2024 à 08:00 en temps universel
    Quand le portail reprend l'agenda de Mon espace santé pour l'année 2024
    Alors le portail montre « Scanner » le 10/07/2024 à 10:00
    Et l'usager y lit « 10/07/2024 10:00 »

  @deduite
  Scénario: Le produit ne change pas un rendez-vous écrit par une autre structure
    Étant donné un usager apparié qui consent à l'alimentation et à la lecture de son agenda
    Et une autre structure a ajouté « Consultation à l'hôpital » à l'agenda de l'usager le 07/11/2024 à 08:30
    Et le portail a repris l'agenda de Mon espace santé pour l'année 2024
    Quand le produit tente de renommer l'événement de l'autre structure en « Consultation déplacée »
    Alors Mon espace santé garde l'événement de l'autre structure tel quel
    Et rien n'a été écrit dans l'agenda de Mon espace santé

  @deduite
  Scénario: Un agenda de plus de cinquante événements est repris en entier
    Étant donné un usager apparié qui consent à la lecture de son agenda
    Et l'agenda de Mon espace santé de l'usager compte 60 événements en 2024
    Quand le portail reprend l'agenda de Mon espace santé pour l'année 2024
    Alors le portail montre 60 événements pour l'année 2024

  @banc
  Scénario: Des pages qui bouclent n'enferment pas le produit
    Étant donné un usager apparié qui consent à la lecture de son agenda
    Et l'agenda de Mon espace santé de l'usager compte 60 événements en 2024
    Et que les pages de l'agenda de Mon espace santé bouclent
    Quand le portail reprend l'agenda de Mon espace santé pour l'année 2024
    Alors le produit cesse de demander des pages
    Et le portail ne montre aucun événement en double pour l'année 2024

  @banc
  Scénario: Un événement d'état inconnu n'efface pas l'agenda du portail
    Étant donné un usager apparié qui consent à la lecture de son agenda
    Et l'usager a ajouté « Ostéopathe » à son Mon espace santé le 05/11/2024 à 17:30
    Et que l'agenda de Mon espace santé emploie un code inconnu
    Quand le portail reprend l'agenda de Mon espace santé pour l'année 2024
    Alors le portail montre un seul événement le 05/11/2024 à 17:30

  @banc
  Scénario: Des accents dans tous les noms se lisent sans dommage sur le portail
    Étant donné un usager apparié qui consent à la lecture de son agenda
    Et l'usager a ajouté « Séance d'hydrothérapie à l'Île-d'Yeu » à son Mon espace santé le 08/11/2024 à 14:00
    Et que Mon espace santé met des accents dans tous les noms
    Quand le portail reprend l'agenda de Mon espace santé pour l'année 2024
    Alors le portail montre un seul événement le 08/11/2024 à 14:00
    Et cet événement s'affiche sans caractère abîmé

  @deduite
  Scénario: Un accord pour l'alimentation ne vaut pas pour la lecture
    Étant donné un usager apparié qui consent à l'alimentation de son agenda
    Et l'usager a ajouté « Ostéopathe » à son Mon espace santé le 05/11/2024 à 17:30
    Quand le portail reprend l'agenda de Mon espace santé pour l'année 2024
    Alors le portail ne montre aucun événement de l'année 2024
    Et le produit dit que l'accord pour la lecture de l'agenda manque
