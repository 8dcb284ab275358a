# language: fr
@DE4-41-UC1-DIRECT @REC-4.1.4
Fonctionnalité: L'usager ouvre le portail sans passer par Mon espace santé
  Cadre d'urbanisation, domaine d'étude 4, §1.2.3 cas d'usage 1 (NB) et recommandation 4.1.4 : Mon espace santé est
  un repère, pas une porte d'entrée unique ; une connexion reste nécessaire.

  @officielle
  Scénario: Un usager jamais apparié utilise le portail
    Étant donné un usager connu du produit
    Et un rendez-vous de l'usager saisi dans le DUI le 03/02/2025 à 09:00
    Quand l'usager se connecte au portail
    Alors le portail lui donne la synthèse de son dossier et son contrat
    Et le portail montre un seul événement à cet instant
    Et aucun échange n'a eu lieu avec Mon espace santé

  @officielle
  Scénario: Qui arrive sans session se connecte au portail lui-même
    Étant donné un usager connu du produit
    Quand quelqu'un ouvre les pages de l'usager sans s'être connecté
    Alors aucune de ces pages n'est servie
    Et le portail ne renvoie pas à Mon espace santé pour se connecter
