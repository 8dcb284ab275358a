# language: fr
@INSI @DE1-TR-01
Fonctionnalité: Le statut de l'identité dit ce que l'on sait d'elle, et ce qu'elle permet
  Référentiel national d'identitovigilance et guide d'implémentation de l'INS ; exigences INS du référentiel Ségur.

  @officielle @INS/va1.45
  Scénario: Une identité créée est provisoire
    Étant donné un usager sans INS, connu du produit
    Quand le professionnel ouvre l'identité de l'usager
    Alors l'identité de l'usager est provisoire et sans INS

  @officielle @INS/va1.21
  Plan du scénario: Une identité <manque> n'est pas créée
    Étant donné un usager inconnu du produit
    Quand le professionnel crée le dossier de l'usager <manque>
    Alors le produit refuse

    Exemples:
      | manque                 |
      | sans nom de naissance  |
      | sans prénom            |
      | sans lieu de naissance |

  @officielle @INS/va1.21
  Scénario: Une identité au lieu de naissance inconnu est créée
    Étant donné un usager inconnu du produit
    Quand le professionnel crée le dossier de l'usager au lieu de naissance inconnu
    Alors le produit a créé le dossier

  @officielle @INS/va1.43
  Scénario: Un justificatif valide l'identité
    Étant donné un usager sans INS, connu du produit
    Quand le professionnel enregistre le passeport de l'usager
    Alors l'identité de l'usager est validée
    Et l'identité de l'usager ne porte aucun matricule

  @officielle @INS/va1.54 @INS/va1.40
  Scénario: D'abord le justificatif, puis l'INSi : l'identité est qualifiée
    Étant donné un usager sans INS, connu du produit
    Quand le professionnel enregistre le passeport de l'usager
    Et le produit récupère l'INS de l'usager par ses traits
    Alors l'identité de l'usager est qualifiée

  @officielle @INS/va1.54 @INS/va1.40
  Scénario: D'abord l'INSi, puis le justificatif : l'identité est qualifiée
    Étant donné un usager sans INS, connu du produit
    Quand le produit récupère l'INS de l'usager par ses traits
    Et le professionnel enregistre le passeport de l'usager
    Alors l'identité de l'usager est qualifiée

  @officielle @INS/va1.54 @INS/va1.06
  Scénario: Une vérification positive ne remplace pas le justificatif
    Étant donné un usager sans INS, connu du produit
    Quand le produit récupère l'INS de l'usager par ses traits
    Et le produit vérifie l'INS de l'usager
    Alors la vérification est positive
    Et l'identité de l'usager est récupérée, avec l'INS que rend l'INSi
    Et le produit garde la trace de cette vérification

  @banc
  Scénario: Un papier sans valeur de preuve ne qualifie pas
    Étant donné un usager sans INS, connu du produit
    Quand le produit récupère l'INS de l'usager par ses traits
    Et le professionnel enregistre un autre papier de l'usager
    Alors l'identité de l'usager n'est pas qualifiée

  @officielle @INS/va1.44
  Scénario: Chaque changement de statut garde sa date et son auteur
    Étant donné un usager dont l'identité est qualifiée
    Quand le professionnel ouvre l'identité de l'usager
    Alors l'historique montre les changements de statut, chacun avec sa date et son auteur

  @officielle @INS/va1.18
  Plan du scénario: <trait> d'une identité qualifiée ne se modifie plus
    Étant donné un usager dont l'identité est qualifiée
    Quand le professionnel modifie <trait> de l'usager
    Alors le produit refuse
    Et l'identité de l'usager est qualifiée

    Exemples:
      | trait                   |
      | le nom de naissance     |
      | les prénoms             |
      | le sexe                 |
      | la date de naissance    |
      | le lieu de naissance    |

  @officielle @INS/va1.48
  Plan du scénario: <trait> reste modifiable
    Étant donné un usager dont l'identité est qualifiée
    Quand le professionnel modifie <trait> de l'usager
    Alors l'identité de l'usager est qualifiée
    Et le produit montre <trait> modifié

    Exemples:
      | trait                   |
      | le nom utilisé          |
      | le prénom utilisé       |

  @officielle @INS/va1.60
  Scénario: Corriger un trait strict retire l'INS
    Étant donné un usager dont l'identité est qualifiée
    Et un professionnel qui peut corriger un trait verrouillé
    Quand ce professionnel corrige le nom de naissance de l'usager
    Alors l'identité de l'usager n'est pas qualifiée
    Et l'identité de l'usager ne porte aucun matricule

  @officielle @INS/va1.08
  Scénario: Une vérification négative retire l'INS et demande un traitement
    Étant donné un usager dont l'identité est qualifiée
    Et que l'INSi a changé le nom de l'usager
    Quand le produit vérifie l'INS de l'usager
    Alors la vérification est négative
    Et l'identité de l'usager est provisoire et sans INS
    Et l'identité de l'usager figure sur la liste de travail

  @deduite
  Scénario: Une vérification sans réponse ne change rien
    Étant donné un usager dont l'identité est qualifiée
    Et que l'INSi est indisponible
    Quand le produit vérifie l'INS de l'usager
    Alors la vérification n'a pas abouti
    Et l'identité de l'usager est qualifiée

  @officielle @INS/va1.53 @MES
  Scénario: Le matricule d'une identité seulement récupérée ne quitte pas le produit
    Étant donné un usager sans INS, connu du produit
    Quand le produit récupère l'INS de l'usager par ses traits
    Et l'usager demande l'appariement depuis le portail
    Et l'usager y accepte l'alimentation de son agenda
    Et le produit crée un rendez-vous pour l'usager le 06/01/2025 à 09:00
    Alors aucun échange du produit ne porte le matricule de l'usager
