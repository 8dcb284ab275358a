# language: fr
@DMP @DE1-PPA-FA
Fonctionnalité: Le produit suit les paramètres que le DMP publie pour les logiciels
  Guide d'intégration du DMP : le fichier de paramètres se lit en suivant ses redirections ; il dit si un document peut être caché à
  la fois à l'usager et aux professionnels.

  Contexte:
    Étant donné un professionnel du produit, habilité au DMP
    Et un usager qui accepte l'alimentation et la consultation de son DMP
    Et un projet personnalisé validé de l'usager

  @deduite
  Scénario: Un document ne se cache pas à la fois à l'usager et aux professionnels
    Quand le produit dépose ce projet en le cachant à l'usager et aux professionnels
    Alors le produit montre que ce projet n'est pas déposé, et pourquoi
    Et aucun document n'est envoyé au DMP

  @deduite
  Scénario: Un document se cache aux deux quand le DMP le permet
    Étant donné le DMP permet de cacher un document à la fois à l'usager et aux professionnels
    Quand le produit dépose ce projet en le cachant à l'usager et aux professionnels
    Alors le produit montre ce projet déposé
