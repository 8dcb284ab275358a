# language: fr
@SAS
Fonctionnalité: La plateforme du SAS ouvre, change et ferme les comptes de ses régulateurs dans le produit
  Doctrine du numérique en santé, service d'accès aux soins ; guide ANS SAS 1.2.0, flux INT_R02.

  @officielle @DOC-SAS-08
  Scénario: Le compte d'un régulateur à l'identifiant technique est ouvert
    Étant donné un régulateur du SAS
    Quand la plateforme ouvre son compte
    Alors le compte est créé, et son adresse rendue
    Et le compte du régulateur dit ce que la plateforme en dit

  @officielle @DOC-SAS-08 @DOC-SAS-05
  Scénario: Le compte d'un régulateur dont l'identifiant national porte une barre oblique est ouvert puis changé
    Étant donné un régulateur du SAS à l'identifiant national qui a un compte dans le produit
    Quand la plateforme change le nom et l'adresse électronique du régulateur
    Alors le compte est mis à jour, et son adresse rendue
    Et le compte du régulateur porte son nouveau nom et sa nouvelle adresse électronique

  @officielle @DOC-SAS-08
  Scénario: La mise à jour d'un régulateur inconnu ouvre son compte
    Étant donné un régulateur du SAS
    Quand la plateforme met à jour le compte d'un régulateur que le produit ne connaît pas
    Alors la mise à jour vaut création, et l'adresse du compte est rendue
    Et le compte du régulateur dit ce que la plateforme en dit

  @officielle @DOC-SAS-08
  Scénario: Une mise à jour répétée laisse un seul compte
    Étant donné un régulateur du SAS qui a un compte dans le produit
    Et la plateforme a retiré le droit du régulateur
    Quand la plateforme retire le droit du régulateur
    Alors le compte est mis à jour, et son adresse rendue
    Et le compte du régulateur est gardé, sans son droit

  @deduite @DOC-SAS-08
  Scénario: Un compte ouvert deux fois est refusé la seconde
    Étant donné un régulateur du SAS qui a un compte dans le produit
    Quand la plateforme ouvre de nouveau le même compte
    Alors le produit refuse le doublon, et dit pourquoi
    Et le produit n'a qu'un compte pour le régulateur

  @banc @DOC-SAS-08
  Scénario: Dix demandes simultanées du même compte n'en ouvrent qu'un
    Étant donné un régulateur du SAS
    Quand la plateforme ouvre dix fois ce compte en même temps
    Alors le produit n'a qu'un compte pour le régulateur

  @officielle @DOC-SAS-08
  Plan du scénario: Un compte <faute> est refusé, sans rien garder
    Étant donné un régulateur du SAS
    Quand la plateforme ouvre un compte <faute>
    Alors le produit refuse, et dit pourquoi
    Et le produit n'a aucun compte pour le régulateur

    Exemples:
      | faute                                     |
      | sans identifiant                          |
      | sans nom                                  |
      | sans dire si le droit est tenu            |

  @deduite @DOC-SAS-08
  Plan du scénario: Un compte <faute> est refusé, et rien n'en est gardé
    Étant donné un régulateur du SAS
    Quand la plateforme ouvre un compte <faute>
    Alors le produit refuse, et dit pourquoi
    Et le produit n'a aucun compte pour le régulateur

    Exemples:
      | faute                                     |
      | sans adresse électronique                 |
      | au nom vide                               |
      | à l'adresse électronique vide             |
      | au téléphone mis pour adresse             |
      | dont l'identifiant n'est pas de son type  |

  @officielle @DOC-SAS-08
  Scénario: Une mise à jour incomplète est refusée et laisse le compte tel quel
    Étant donné un régulateur du SAS qui a un compte dans le produit
    Quand la plateforme met à jour ce compte sans nom
    Alors le produit refuse, et dit pourquoi
    Et le compte du régulateur dit ce que la plateforme en dit

  @officielle @DOC-SAS-08
  Scénario: Un corps illisible est refusé comme mal formé
    Étant donné un régulateur du SAS
    Quand la plateforme envoie un compte illisible
    Alors le produit refuse le corps, et dit pourquoi

  @officielle @DOC-SAS-08
  Scénario: Le droit retiré laisse le compte
    Étant donné un régulateur du SAS qui a un compte dans le produit
    Quand la plateforme retire le droit du régulateur
    Alors le compte est mis à jour, et son adresse rendue
    Et le compte du régulateur est gardé, sans son droit

  @officielle @DOC-SAS-08
  Scénario: Le droit rendu rouvre le compte
    Étant donné un régulateur du SAS qui a un compte dans le produit
    Et la plateforme a retiré le droit du régulateur
    Quand la plateforme rend le droit du régulateur
    Alors le compte est mis à jour, et son adresse rendue
    Et le compte du régulateur dit ce que la plateforme en dit

  @officielle @DOC-SAS-08 @DOC-SAS-05
  Scénario: L'identifiant national remplace l'identifiant technique du même compte
    Étant donné un régulateur du SAS qui a un compte dans le produit
    Quand la plateforme donne au régulateur son identifiant national
    Alors un seul compte porte l'identifiant national, et plus aucun l'ancien

  @deduite @DOC-SAS-08 @DOC-SAS-05
  Scénario: L'identifiant national d'un compte sans droit passe à un autre régulateur
    Étant donné un régulateur du SAS à l'identifiant national qui a un compte dans le produit
    Et un autre régulateur du SAS qui a un compte dans le produit
    Et la plateforme a retiré le droit du régulateur
    Quand la plateforme donne à l'autre régulateur l'identifiant national du premier
    Alors le compte est mis à jour, et son adresse rendue
    Et l'identifiant national désigne l'autre régulateur, qui a son droit
