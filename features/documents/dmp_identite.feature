# language: fr
@DMP @DE1-PPA-FA
Fonctionnalité: Le produit se présente au DMP, et y désigne la bonne personne
  Guide d'intégration du DMP : le matricule INS est transmis tel quel, les traits que rend le DMP ne servent pas, chaque appel laisse
  une trace, et le logiciel se nomme comme il se montre.

  Contexte:
    Étant donné un professionnel du produit, habilité au DMP

  @deduite
  Plan du scénario: Le DMP d'un usager <né> reçoit son projet sous son matricule, lettre comprise
    Étant donné un usager <né>, qui accepte l'alimentation de son DMP
    Et un projet personnalisé validé de l'usager
    Quand le produit dépose ce projet dans le DMP
    Alors le produit montre ce projet déposé
    Et le DMP de cet usager a ce projet

    Exemples:
      | né                  |
      | né en Corse-du-Sud  |
      | né en Haute-Corse   |

  @deduite
  Scénario: Le nom que rend le DMP n'est pas montré
    Étant donné un usager qui accepte l'alimentation et la consultation de son DMP
    Et le DMP rend un autre nom de naissance pour l'usager
    Quand le professionnel vérifie le DMP de l'usager
    Alors le produit ne montre pas le nom venu du DMP

  @deduite
  Scénario: Un nom utilisé non renseigné dans le DMP n'est pas montré
    Étant donné un usager qui accepte l'alimentation et la consultation de son DMP
    Et le DMP ne connaît pas le nom utilisé de l'usager
    Quand le professionnel vérifie le DMP de l'usager
    Alors le produit ne montre pas de nom « NON RENSEIGNE »

  @deduite
  Scénario: Chaque appel au DMP laisse une trace
    Étant donné un usager qui accepte l'alimentation et la consultation de son DMP
    Et un projet personnalisé que le produit a déposé dans le DMP
    Quand le responsable demande les traces des appels au DMP
    Alors le produit montre une trace du dépôt, au nom du professionnel et de la structure

  @deduite
  Scénario: Le logiciel se nomme au DMP comme il se montre
    Étant donné un usager qui accepte l'alimentation et la consultation de son DMP
    Quand le professionnel vérifie le DMP de l'usager
    Alors le nom et la version dits au DMP sont ceux que le produit montre

  @deduite
  Scénario: Un INS reçu d'un tiers est vérifié auprès du DMP avant le dépôt
    Étant donné un usager qui accepte l'alimentation et la consultation de son DMP
    Et un projet personnalisé validé de l'usager
    Quand un autre domaine envoie un document avec l'identité qualifiée de l'usager
    Et le produit dépose ce projet dans le DMP
    Alors le produit montre ce projet déposé
    Et le produit a demandé l'état du DMP avant le dépôt
