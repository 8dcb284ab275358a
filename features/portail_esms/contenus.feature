# language: fr
@DE4-42-UC1 @DE4-42-FA @REC-4.2.1
Fonctionnalité: Le portail de l'établissement donne à l'usager les trois contenus attendus
  Cadre d'urbanisation, domaine d'étude 4, §1.5.3 cas d'usage 1, §1.5.4 flux A et recommandation 4.2.1 :
  synthèse du dossier, contrat et agenda, selon la vague 1 du Ségur numérique.

  @officielle
  Scénario: L'usager connecté trouve la synthèse de son dossier, son contrat et son agenda
    Étant donné un usager connu du produit
    Et un rendez-vous de l'usager saisi dans le DUI le 03/02/2025 à 09:00
    Quand l'usager se connecte au portail
    Alors le portail lui donne la synthèse de son dossier et son contrat
    Et le portail montre un seul événement à cet instant

  @deduite
  Scénario: La représentante légale consulte les contenus de son enfant
    Étant donné une mère connue du produit
    Et son enfant de 8 ans, connu du produit
    Quand la mère se connecte au portail et ouvre le dossier de l'enfant
    Alors le portail lui donne la synthèse de son dossier et son contrat
