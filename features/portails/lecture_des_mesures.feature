# language: fr
@MES @DE4-41-UC1 @REC-4.1.6
Fonctionnalité: Le portail lit les mesures de l'usager qui l'accepte
  Cadre d'urbanisation, domaine d'étude 4, §1.2.3 cas d'usage 1 et recommandation 4.1.6 ; API Mesures v1.5.2, §2.3,
  connue par une transcription publique.

  @deduite
  Scénario: La dernière mesure est lue avec son unité et son instant
    Étant donné un usager apparié qui consent à la lecture de ses mesures
    Et l'usager a noté un poids de 62,4 kg le 10/07/2024 à 08:15
    Et l'usager a noté un poids de 61,9 kg le 10/08/2024 à 08:20
    Quand le produit lit la dernière mesure de poids de l'usager
    Alors le produit montre une mesure de 61,9 kg le 10/08/2024 à 08:20, et elle seule

  @deduite
  Scénario: Les mesures d'une période sont toutes lues, et elles seules
    Étant donné un usager apparié qui consent à la lecture de ses mesures
    Et l'usager a noté son poids chaque jour pendant 60 jours à partir du 01/03/2024
    Quand le produit lit les mesures de poids de l'usager du 01/03/2024 au 31/05/2024
    Alors le produit montre 60 mesures différentes

  @deduite
  Scénario: Une mesure lue garde son auteur et n'est pas renvoyée
    Étant donné un usager apparié qui consent à la lecture de ses mesures
    Et l'usager a noté un poids de 62,4 kg le 10/07/2024 à 08:15
    Quand le produit lit la dernière mesure de poids de l'usager
    Et le produit reprend ses envois en attente
    Alors le produit montre une mesure de 62,4 kg le 10/07/2024 à 08:15, et elle seule
    Et rien n'a été écrit dans les mesures de Mon espace santé
