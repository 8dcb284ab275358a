# language: fr
@REC-4.1.2 @DE4-42-UC1
Fonctionnalité: Aucune donnée de santé n'est servie sans session
  Cadre d'urbanisation, domaine d'étude 4, recommandation 4.1.2 : un portail de services héberge des données de
  santé et demande l'authentification de l'usager.

  @officielle @DE4-41-UC1-DIRECT
  Scénario: Sans session, les trois contenus restent fermés
    Étant donné un usager connu du produit
    Quand quelqu'un ouvre les pages de l'usager sans s'être connecté
    Alors aucune de ces pages n'est servie

  @officielle
  Scénario: Après la déconnexion, l'ancienne session n'ouvre plus rien
    Étant donné un usager connu du produit
    Quand l'usager se connecte au portail puis se déconnecte
    Et quelqu'un ouvre les pages de l'usager avec l'ancienne session
    Alors aucune de ces pages n'est servie

  @deduite
  Scénario: La session d'un usager n'ouvre pas le dossier d'un autre
    Étant donné un usager connu du produit
    Et un autre usager connu du produit
    Quand quelqu'un ouvre les pages de l'usager avec la session de l'autre usager
    Alors aucune de ces pages n'est servie
