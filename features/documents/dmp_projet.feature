# language: fr
@DMP @etude
Fonctionnalité: Un projet validé ne change plus, il se continue
  Cadre d'urbanisation, DE1 §1.2.6 cas d'usage 1' et 2, recommandation 1.1.6 : un avenant, une nouvelle version ou un import gardent
  le projet validé tel qu'il est.

  Contexte:
    Étant donné un professionnel du produit, habilité au DMP
    Et un usager qui accepte l'alimentation et la consultation de son DMP
    Et l'autorisation d'accès de la structure est valide

  @banc @DE1-PPA-UC1P-AVENANT
  Scénario: Un avenant fait suite au projet sans le changer
    Étant donné un projet personnalisé que le produit a déposé dans le DMP
    Quand le professionnel écrit un avenant à ce projet, le valide et le dépose
    Alors le texte du projet n'a pas changé
    Et le DMP montre l'avenant à la place du projet

  @deduite @DE1-PPA-UC1P-AVENANT
  Scénario: Un projet validé ne se modifie pas
    Étant donné un projet personnalisé validé de l'usager
    Quand le professionnel modifie le texte de ce projet
    Alors le produit refuse
    Et le texte du projet n'a pas changé

  @deduite @REC-1.1.6
  Scénario: Chaque version du projet reste dans le dossier
    Étant donné un projet personnalisé que le produit a déposé dans le DMP
    Quand le professionnel écrit une nouvelle version de ce projet et la dépose
    Alors le dossier garde les deux versions du projet

  @deduite @DE1-PPA-UC2
  Scénario: Le projet importé du DMP ne se modifie pas
    Étant donné un projet personnalisé d'une autre structure dans le DMP
    Et le professionnel a déjà ouvert le DMP de l'usager
    Et le professionnel a importé ce document dans le dossier
    Quand le professionnel modifie le texte de ce projet
    Alors le produit refuse

  @deduite @DE1-PPA-UC2
  Scénario: Le projet importé deux fois n'est qu'une fois dans le dossier
    Étant donné un projet personnalisé d'une autre structure dans le DMP
    Et le professionnel a déjà ouvert le DMP de l'usager
    Et le professionnel a importé ce document dans le dossier
    Quand le professionnel importe de nouveau ce document
    Alors le dossier contient ce document une seule fois
