# language: fr
@DMP @DE1-PPA-FA
Fonctionnalité: Le professionnel change dans le DMP la visibilité et l'état des documents
  Guide d'intégration du DMP, transactions TD3.3a à d : masquer, montrer, archiver et supprimer un document.

  Contexte:
    Étant donné un professionnel du produit, habilité au DMP
    Et un usager qui accepte l'alimentation et la consultation de son DMP
    Et l'autorisation d'accès de la structure est valide

  @deduite
  Scénario: Un document masqué ne se voit plus d'une autre structure
    Étant donné un projet personnalisé que le produit a déposé dans le DMP
    Quand le professionnel masque ce projet aux professionnels
    Alors le produit a fait le changement
    Et une autre structure ne voit pas ce projet dans le DMP

  @deduite
  Scénario: Un document que l'usager a masqué entre-temps se change encore
    Étant donné un projet personnalisé que le produit a déposé dans le DMP
    Et l'usager a masqué ce projet aux professionnels, puis l'a montré
    Quand le professionnel masque ce projet aux professionnels
    Alors le produit a fait le changement
    Et une autre structure ne voit pas ce projet dans le DMP

  @deduite
  Scénario: Rendre un document visible aux représentants légaux se confirme
    Étant donné un projet personnalisé que le produit a déposé dans le DMP, caché aux représentants légaux
    Quand le professionnel le rend visible aux représentants légaux, sans confirmer
    Alors aucun changement n'est envoyé au DMP
    Quand le professionnel le rend visible aux représentants légaux, et confirme
    Alors un représentant légal voit ce projet

  @deduite
  Scénario: Un document archivé n'est plus dans les documents en vigueur
    Étant donné un projet personnalisé que le produit a déposé dans le DMP
    Quand le professionnel archive ce projet
    Alors le produit a fait le changement
    Et le DMP garde ce projet comme archivé

  @deduite @SC.DMP/CONF.03
  Scénario: La suppression d'un document se confirme
    Étant donné un projet personnalisé que le produit a déposé dans le DMP
    Quand le professionnel supprime ce projet, sans confirmer
    Alors aucun changement n'est envoyé au DMP
    Quand le professionnel supprime ce projet, et confirme
    Alors le DMP garde ce projet comme supprimé

  @deduite
  Scénario: Le document d'une autre structure ne se supprime pas
    Étant donné un projet personnalisé d'une autre structure dans le DMP
    Et le professionnel a déjà ouvert le DMP de l'usager
    Quand le professionnel supprime ce document, et confirme
    Alors aucun changement n'est envoyé au DMP

  @deduite
  Scénario: Un changement que le DMP n'a pas fait est annoncé
    Étant donné un projet personnalisé que le produit a déposé dans le DMP
    Et le registre du DMP est occupé à chaque changement
    Quand le professionnel masque ce projet aux professionnels
    Alors le produit avertit que le changement n'est pas fait
