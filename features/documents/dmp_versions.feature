# language: fr
@DMP @DE1-PPA-FA
Fonctionnalité: Le produit travaille sur la version en vigueur d'un document du DMP
  Guide d'intégration du DMP, TD2.1 et TD3.3 : un autre a pu remplacer ou masquer le document depuis la dernière visite.

  Contexte:
    Étant donné un professionnel du produit, habilité au DMP
    Et un usager qui accepte l'alimentation et la consultation de son DMP
    Et un projet personnalisé que le produit a déposé dans le DMP

  @deduite
  Scénario: Un projet remplacé par une autre structure ne se remplace pas
    Étant donné une autre structure a remplacé ce projet dans le DMP
    Quand le professionnel écrit une nouvelle version de ce projet et la dépose
    Alors le produit montre que ce projet n'est pas déposé, et pourquoi
    Et un seul envoi de document a eu lieu vers le DMP

  @deduite
  Scénario: Un document archivé que l'usager a masqué entre-temps sort des archives
    Étant donné le professionnel a archivé ce projet
    Et l'usager a masqué ce projet archivé aux professionnels, puis l'a montré
    Quand le professionnel sort ce projet des archives
    Alors le produit a fait le changement
    Et le DMP montre de nouveau ce projet en vigueur
