# language: fr
@MES @REC-4.1.6
Fonctionnalité: L'échange suit l'accord de l'usager, finalité par finalité
  Cadre d'urbanisation, domaine d'étude 4, recommandation 4.1.6 ; code de la santé publique, art. L. 1111-13-1 III :
  l'accès demande l'accord exprès du titulaire.

  @officielle
  Scénario: Sans appariement, aucune donnée de l'usager ne part
    Étant donné un usager connu du produit
    Quand le produit crée un rendez-vous pour l'usager le 18/12/2024 à 09:00
    Et le produit reprend ses envois en attente
    Alors aucun échange n'a eu lieu avec Mon espace santé

  @officielle
  Scénario: Un appariement refusé n'ouvre aucun échange
    Étant donné un usager connu du produit
    Quand l'usager demande l'appariement depuis le portail
    Et l'usager refuse l'appariement
    Et le produit crée un rendez-vous pour l'usager le 18/12/2024 à 10:00
    Alors ni l'agenda ni les mesures de Mon espace santé n'ont été appelés

  @deduite
  Scénario: Un accord pour l'agenda ne vaut pas pour les mesures
    Étant donné un usager apparié qui consent à l'alimentation de son agenda
    Et l'usager a noté un poids de 62,4 kg le 10/07/2024 à 08:15
    Quand le produit lit la dernière mesure de poids de l'usager
    Alors le produit ne montre aucune mesure
    Et le produit dit que l'accord pour la lecture des mesures manque

  @deduite
  Scénario: Un accord retiré arrête l'alimentation, et l'usager sait pourquoi
    Étant donné un usager apparié qui consent à l'alimentation de son agenda
    Et que l'usager a retiré son accord pour l'alimentation de son agenda
    Quand le produit crée un rendez-vous pour l'usager le 19/12/2024 à 09:00
    Alors l'agenda de Mon espace santé reste vide
    Et le produit dit que l'accord pour l'alimentation de l'agenda manque
    Et plus aucun envoi ne part pour un nouveau rendez-vous

  @deduite
  Scénario: Un accord retiré pour une finalité laisse vivre les autres
    Étant donné un usager apparié qui consent à l'alimentation et à la lecture de son agenda
    Et que l'usager a retiré son accord pour la lecture de son agenda
    Et que le portail a repris l'agenda de Mon espace santé pour l'année 2024
    Quand le produit crée un rendez-vous pour l'usager le 19/12/2024 à 09:30
    Alors l'agenda de Mon espace santé montre un seul événement à cet instant
    Et le produit montre l'appariement établi

  @deduite
  Scénario: Un accord retiré pendant une panne ne laisse rien partir de la file d'attente
    Étant donné un usager apparié qui consent à l'alimentation de son agenda
    Et que l'agenda de Mon espace santé est indisponible
    Et un rendez-vous de l'usager le 19/12/2024 à 10:00
    Et un rendez-vous de l'usager le 19/12/2024 à 10:30
    Quand l'usager retire son accord pour l'alimentation de son agenda
    Et l'agenda de Mon espace santé est rétabli
    Et le produit reprend deux fois ses envois en attente
    Alors Mon espace santé n'a refusé qu'un envoi faute d'accord
    Et le produit dit que l'accord pour l'alimentation de l'agenda manque

  @deduite
  Scénario: Un accord pour la lecture ne vaut pas pour l'alimentation, qui s'ouvre quand l'usager la permet
    Étant donné un usager apparié qui consent à la lecture de son agenda
    Quand le produit crée un rendez-vous pour l'usager le 19/12/2024 à 11:00
    Alors l'agenda de Mon espace santé reste vide
    Et le produit dit que l'accord pour l'alimentation de l'agenda manque
    Quand l'usager donne son accord pour l'alimentation de son agenda
    Et le produit envoie de nouveau ce rendez-vous
    Alors l'agenda de Mon espace santé montre un seul événement à cet instant

  @deduite
  Scénario: Un accord de lecture retiré referme la vue de Mon espace santé
    Étant donné un usager apparié qui consent à la lecture de son agenda
    Et l'usager a ajouté « Ostéopathe » à son Mon espace santé le 20/12/2024 à 17:30
    Et que le portail a repris l'agenda de Mon espace santé pour l'année 2024
    Et que l'usager a retiré son accord pour la lecture de son agenda
    Quand le portail reprend l'agenda de Mon espace santé pour l'année 2024
    Alors le portail ne montre aucun événement de l'année 2024
    Et le produit dit que l'accord pour la lecture de l'agenda manque
