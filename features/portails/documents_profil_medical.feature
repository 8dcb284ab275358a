# language: fr
@MES @DE4-41-FD
Fonctionnalité: Le portail lit la synthèse que l'usager tire de son profil médical
  Cadre d'urbanisation, domaine d'étude 4, §1.2.4 flux D : depuis son profil médical, l'usager verse à son DMP des documents
  de synthèse, que les outils qui l'accompagnent peuvent lire.

  Contexte:
    Étant donné un usager apparié qui consent à la lecture de ses documents
    Et une autre structure a déposé le document « Compte rendu » dans son DMP
    Et l'usager a versé dans son DMP la synthèse « Mon profil médical » de son profil médical

  @deduite
  Scénario: La synthèse est montrée comme venant de l'usager
    Quand le portail lit les documents de l'usager
    Alors le portail montre les documents « Compte rendu » et « Mon profil médical », et rien d'autre
    Et le portail dit que le document « Mon profil médical » vient de l'usager

  @deduite
  Scénario: La synthèse se trouve par sa catégorie
    Quand le portail lit les documents de l'usager de catégorie SYNTH_PML
    Alors le portail montre le document « Mon profil médical », et rien d'autre
