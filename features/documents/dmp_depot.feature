# language: fr
@DMP @DE1-PPA-UC1 @DE1-PPA-FA
Fonctionnalité: Le produit partage le projet personnalisé par le DMP
  Cadre d'urbanisation, DE1 §1.2.6 cas d'usage 1 et §1.2.7 flux A : la dernière structure qui a accompagné la personne dépose son
  projet dans le DMP, où les autres professionnels le lisent.

  Contexte:
    Étant donné un professionnel du produit, habilité au DMP
    Et un usager qui accepte l'alimentation et la consultation de son DMP

  @deduite @DOC-RPPS-03
  Scénario: Le projet validé est déposé dans le DMP, au nom de son auteur
    Étant donné un projet personnalisé validé de l'usager
    Quand le produit dépose ce projet dans le DMP
    Alors le produit montre ce projet déposé
    Et le DMP montre ce projet, et lui seul, au nom de la structure et du professionnel

  @deduite
  Scénario: Un nouveau projet remplace le précédent
    Étant donné un projet personnalisé que le produit a déposé dans le DMP
    Quand le professionnel écrit une nouvelle version de ce projet et la dépose
    Alors le produit montre ce projet déposé
    Et le DMP montre ce projet, et lui seul, au nom de la structure et du professionnel
    Et le DMP garde le projet précédent comme remplacé

  @deduite
  Plan du scénario: Un acte du <moment> garde son heure
    Étant donné un projet personnalisé validé de l'usager, pour un acte du <moment>
    Quand le produit dépose ce projet dans le DMP
    Alors le DMP date l'acte du projet de cet instant

    Exemples:
      | moment             |
      | 15/07/2025 à 00:30 |
      | 15/01/2025 à 00:30 |

  @deduite @DMP/va1.04
  Scénario: Le projet caché à l'usager ne se voit pas dans Mon espace santé
    Étant donné un projet personnalisé validé de l'usager
    Quand le produit dépose ce projet en le cachant à l'usager
    Alors le produit montre ce projet déposé
    Et l'usager ne voit pas ce projet dans Mon espace santé

  @deduite
  Scénario: Le lot déposé est signé par la structure
    Étant donné un projet personnalisé validé de l'usager
    Quand le produit dépose ce projet dans le DMP
    Alors la signature du lot est valide

  @deduite
  Scénario: Le document voyage joint au message, et non dans son texte
    Étant donné un projet personnalisé validé de l'usager
    Quand le produit dépose ce projet dans le DMP
    Alors le document est joint au message

  @banc
  Plan du scénario: <Un document> se dépose comme le projet
    Étant donné <document> de l'usager, à déposer
    Quand le produit dépose ce document dans le DMP
    Alors le produit montre ce document déposé
    Et l'usager voit ce document dans Mon espace santé

    Exemples:
      | Un document         | document                       |
      | Une synthèse        | une synthèse                   |
      | Un volet médical    | un volet médical               |
      | Une fiche de liaison | une fiche de liaison à la MDPH |

  Règle: Rien ne part sans qu'il le faille

    @deduite
    Scénario: Un projet au brouillon n'est pas déposé
      Étant donné un projet personnalisé de l'usager, encore au brouillon
      Quand le produit dépose ce projet dans le DMP
      Alors aucun document n'est envoyé au DMP

    @officielle @INS/va1.53
    Scénario: Tant que l'identité n'est pas qualifiée, rien ne part au DMP
      Étant donné un usager dont l'INS est récupérée, sans justificatif, et qui accepte l'alimentation de son DMP
      Et un projet personnalisé validé de l'usager
      Quand le produit dépose ce projet dans le DMP
      Alors aucun appel n'a eu lieu vers le DMP

    @deduite @SC.DMP/CONF.09
    Scénario: L'usager s'oppose à l'alimentation de son DMP
      Étant donné l'usager s'oppose à l'alimentation de son DMP
      Et un projet personnalisé validé de l'usager
      Quand le produit dépose ce projet dans le DMP
      Alors aucun document n'est envoyé au DMP
      Et le produit en avertit le professionnel

    @deduite
    Plan du scénario: Le DMP de l'usager est <état>
      Étant donné le DMP de l'usager est <état>
      Et un projet personnalisé validé de l'usager
      Quand le produit dépose ce projet dans le DMP
      Alors aucun document n'est envoyé au DMP
      Et le produit en avertit le professionnel

      Exemples:
        | état   |
        | fermé  |
        | absent |

    @deduite
    Scénario: L'usager a bloqué le professionnel
      Étant donné l'usager a bloqué ce professionnel dans son DMP
      Et un projet personnalisé validé de l'usager
      Quand le produit dépose ce projet dans le DMP
      Alors aucun document n'est envoyé au DMP
      Et le produit en avertit le professionnel

    @deduite
    Scénario: Un projet déjà déposé et inchangé n'est pas envoyé de nouveau
      Étant donné un projet personnalisé que le produit a déposé dans le DMP
      Quand le produit dépose ce projet dans le DMP
      Alors un seul envoi de document a eu lieu vers le DMP

  Règle: Un échec n'est ni perdu ni pris pour un succès

    @deduite
    Scénario: Une réponse perdue ne double pas le projet
      Étant donné le DMP coupe la connexion après avoir enregistré le document
      Et un projet personnalisé validé de l'usager
      Quand le produit dépose ce projet dans le DMP
      Et le produit reprend ses envois en attente
      Alors le DMP montre un seul document, et le produit le montre déposé

    @deduite @SC.DMP/ALI/PROG.06 @SC.DMP/ALI/PROG.07
    Scénario: Le DMP injoignable reçoit le projet une fois rétabli, une seule fois
      Étant donné le DMP est indisponible une fois
      Et un projet personnalisé validé de l'usager
      Quand le produit dépose ce projet dans le DMP
      Et le produit reprend ses envois en attente
      Et le produit reprend ses envois en attente
      Alors le DMP montre un seul document, et le produit le montre déposé

    @deduite
    Scénario: Le DMP tient le certificat de signature pour révoqué
      Étant donné le DMP tient pour révoqué le certificat qui signe les demandes
      Et un projet personnalisé validé de l'usager
      Quand le produit dépose ce projet dans le DMP
      Alors le produit montre que ce projet n'est pas déposé, et pourquoi

    @deduite
    Scénario: Le registre du DMP est occupé
      Étant donné le registre du DMP est occupé une fois
      Et un projet personnalisé validé de l'usager
      Quand le produit dépose ce projet dans le DMP
      Et le produit reprend ses envois en attente
      Alors le DMP montre un seul document, et le produit le montre déposé

    @deduite
    Scénario: Un dépôt fait en partie n'est pas montré comme fait
      Étant donné le DMP ne prend qu'une partie de ce qui lui est déposé
      Et un projet personnalisé validé de l'usager
      Quand le produit dépose ce projet dans le DMP
      Alors le produit montre que ce projet n'est pas déposé, et pourquoi
