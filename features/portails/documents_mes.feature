# language: fr
@MES @DE4-41-FC
Fonctionnalité: Le portail échange des documents avec Mon espace santé
  Cadre d'urbanisation, domaine d'étude 4, §1.2.4 flux C : les documents de santé de la personne sont les mêmes dans le
  portail référencé et dans son DMP, si elle l'accepte. Le texte de l'API Documents n'est pas public : sa comparaison avec PDSm l'est.

  @deduite
  Scénario: Un document du portail arrive une seule fois chez l'usager, et les professionnels le trouvent
    Étant donné un usager apparié qui consent à l'ajout de documents
    Quand le portail ajoute le document « Bilan de l'année » dans Mon espace santé
    Alors le produit dit que ce document est envoyé
    Et Mon espace santé montre à l'usager le seul document « Bilan de l'année », venu du portail
    Et un professionnel d'une autre structure trouve ce document dans le DMP, intact

  @deduite
  Scénario: Une réponse perdue ne double pas le document
    Étant donné un usager apparié qui consent à l'ajout de documents
    Et que Mon espace santé coupe la connexion après avoir enregistré le document
    Quand le portail ajoute le document « Bilan de l'année » dans Mon espace santé
    Et le produit reprend ses envois en attente
    Alors Mon espace santé montre à l'usager le seul document « Bilan de l'année », venu du portail

  @deduite
  Scénario: Sans l'accord de l'usager, aucun document ne part
    Étant donné un usager apparié qui consent à la lecture de ses documents
    Quand le portail ajoute le document « Bilan de l'année » dans Mon espace santé
    Alors le produit dit que ce document n'est pas envoyé
    Et aucun document n'a été envoyé à Mon espace santé

  @banc
  Scénario: Un document trop grand n'est pas envoyé
    Étant donné un usager apparié qui consent à l'ajout de documents
    Quand le portail ajoute un document de 5000001 octets dans Mon espace santé
    Alors le produit dit que ce document n'est pas envoyé
    Et aucun document n'a été envoyé à Mon espace santé

  @banc
  Scénario: Un fichier d'un type que Mon espace santé ne prend pas n'est pas envoyé
    Étant donné un usager apparié qui consent à l'ajout de documents
    Quand le portail ajoute une archive ZIP dans Mon espace santé
    Alors le produit dit que ce document n'est pas envoyé
    Et aucun document n'a été envoyé à Mon espace santé

  @deduite
  Scénario: Un document que Mon espace santé refuse est dit refusé
    Étant donné un usager apparié qui consent à l'ajout de documents
    Et que Mon espace santé n'accepte plus les PDF
    Quand le portail ajoute le document « Bilan de l'année » dans Mon espace santé
    Alors le produit dit que ce document n'est pas envoyé
    Et Mon espace santé ne montre aucun document à l'usager

  @deduite
  Scénario: Le portail montre aussi les documents des autres, avec leur auteur
    Étant donné un usager apparié qui consent à l'ajout et à la lecture de ses documents
    Et une autre structure a déposé le document « Compte rendu » dans son DMP
    Et le portail a ajouté le document « Bilan de l'année » dans Mon espace santé
    Quand le portail lit les documents de l'usager
    Alors le portail montre les documents « Compte rendu » et « Bilan de l'année », et rien d'autre
    Et le portail dit que le document « Compte rendu » vient d'un professionnel
    Et le portail dit que le document « Bilan de l'année » vient du portail

  @deduite
  Scénario: Un document s'ouvre sur le portail tel qu'il a été ajouté
    Étant donné un usager apparié qui consent à l'ajout et à la lecture de ses documents
    Et le portail a ajouté le document « Bilan de l'année » dans Mon espace santé
    Quand le portail lit les documents de l'usager
    Alors le portail ouvre ce document, intact

  @deduite
  Scénario: Un document lu n'est pas renvoyé
    Étant donné un usager apparié qui consent à l'ajout et à la lecture de ses documents
    Et une autre structure a déposé le document « Compte rendu » dans son DMP
    Quand le portail lit les documents de l'usager
    Et le produit reprend ses envois en attente
    Alors aucun document n'a été envoyé à Mon espace santé
    Et le portail montre le document « Compte rendu », et rien d'autre
