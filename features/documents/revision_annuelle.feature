# language: fr
@DMP @REC-1.1.7
Fonctionnalité: Le projet personnalisé se revoit chaque année
  Cadre d'urbanisation, DE1 §1.2.10, recommandation 1.1.7 : au moins une mise à jour par an.

  Contexte:
    Étant donné un professionnel du produit, habilité au DMP
    Et un usager qui accepte l'alimentation et la consultation de son DMP

  @deduite
  Scénario: Un projet de plus d'un an est signalé à revoir
    Étant donné un projet personnalisé validé de l'usager, pour un acte vieux de 13 mois
    Alors le produit signale que ce projet est à revoir

  @deduite
  Scénario: Un projet récent n'est pas signalé
    Étant donné un projet personnalisé validé de l'usager, pour un acte vieux de 11 mois
    Alors le produit ne signale pas ce projet
