# language: fr
@DMP @DE1-PPA-FA
Fonctionnalité: Le produit passe par la face FHIR du DMP
  Cadre d'urbanisation, DE1 §1.2.7 flux A ; CI-SIS, Partage de documents de santé en mobilité (PDSm) 3.1.1. Ce que le DMP offrira en
  FHIR n'est pas publié : ces scénarios n'accusent pas, et ne valent que pour un produit qui suit ce volet.

  Contexte:
    Étant donné un professionnel du produit, habilité au DMP
    Et un usager qui accepte l'alimentation et la consultation de son DMP
    Et l'autorisation d'accès de la structure est valide

  @banc @DE1-PPA-UC1
  Scénario: Un projet déposé par FHIR est dans le DMP, au nom de son auteur
    Étant donné un projet personnalisé validé de l'usager
    Quand le produit dépose ce projet par FHIR
    Alors le produit montre ce projet déposé
    Et le DMP montre ce projet, et lui seul, au nom de la structure et du professionnel

  @banc @DE1-PPA-UC1
  Scénario: Un projet déposé par FHIR sans lot est dans le DMP
    Étant donné un projet personnalisé validé de l'usager
    Quand le produit dépose ce projet par FHIR, sans lot
    Alors le produit montre ce projet déposé
    Et le DMP montre ce projet, et lui seul, au nom de la structure et du professionnel

  @banc @DE1-PPA-UC1
  Scénario: Une nouvelle version déposée par FHIR remplace la précédente
    Étant donné un projet personnalisé que le produit a déposé par FHIR
    Quand le professionnel écrit une nouvelle version de ce projet et la dépose par FHIR
    Alors le produit montre ce projet déposé
    Et le DMP montre ce projet, et lui seul, au nom de la structure et du professionnel
    Et le DMP garde le projet précédent comme remplacé

  @banc @DE1-PPA-UC1
  Scénario: Un dépôt que le DMP refuse en FHIR est dit au professionnel
    Étant donné un projet personnalisé validé de l'usager
    Et le DMP de l'usager est fermé
    Quand le produit dépose ce projet par FHIR
    Alors le produit montre que ce projet n'est pas déposé, et pourquoi

  @banc @DE1-PPA-UC1-LECT
  Scénario: Les projets personnalisés se cherchent par FHIR
    Étant donné un projet personnalisé d'une autre structure dans le DMP
    Et un compte rendu d'une autre structure dans le DMP
    Quand le professionnel cherche par FHIR les projets personnalisés
    Alors le produit montre par FHIR ce projet, et rien d'autre

  @banc @DE1-PPA-UC1-LECT
  Plan du scénario: Un document se lit à son adresse <forme>
    Étant donné un projet personnalisé d'une autre structure dans le DMP
    Et le DMP écrit en FHIR l'adresse <forme> des contenus
    Quand le professionnel ouvre ce document par FHIR
    Alors le produit montre par FHIR ce document et son contenu

    Exemples:
      | forme    |
      | absolue  |
      | relative |

  @banc @DE1-PPA-UC1
  Scénario: Un projet se masque par FHIR aux professionnels
    Étant donné un projet personnalisé que le produit a déposé par FHIR
    Quand le professionnel masque par FHIR ce projet aux professionnels
    Alors le DMP garde ce projet, masqué aux professionnels
