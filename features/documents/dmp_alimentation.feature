# language: fr
@DMP @DE1-PPA-UC1 @DE1-PPA-FA
Fonctionnalité: Les documents validés partent d'eux-mêmes au DMP
  Référentiel Ségur, alimentation du DMP : les documents des types choisis par la structure sont envoyés sans geste de plus ; le
  professionnel peut en retenir un, et lui seul.

  Contexte:
    Étant donné un professionnel du produit, habilité au DMP
    Et un usager qui accepte l'alimentation et la consultation de son DMP
    Et la structure alimente le DMP de ses projets personnalisés

  @deduite @SC.DMP/ALI/PROG.02
  Scénario: Le projet validé arrive au DMP sans geste de plus
    Étant donné un projet personnalisé de l'usager, encore au brouillon
    Quand le professionnel valide ce projet
    Alors le DMP montre un seul document, et le produit le montre déposé

  @deduite @SC.DMP/ALI/PROG.02
  Scénario: Un document d'un autre type attend un geste du professionnel
    Étant donné une synthèse de l'usager, encore au brouillon
    Quand le professionnel valide ce document
    Alors aucun document n'est envoyé au DMP

  @deduite @SC.DMP/ALI/PROG.03
  Scénario: Le professionnel retient un projet, et le suivant part
    Étant donné un projet personnalisé de l'usager, encore au brouillon
    Quand le professionnel valide ce projet en le retenant
    Alors aucun document n'est envoyé au DMP
    Quand le professionnel écrit et valide un autre projet
    Alors un seul envoi de document a eu lieu vers le DMP

  @deduite @SC.DMP/CONF.09
  Scénario: L'opposition de l'usager n'empêche pas de valider
    Étant donné l'usager s'oppose à l'alimentation de son DMP
    Et un projet personnalisé de l'usager, encore au brouillon
    Quand le professionnel valide ce projet
    Alors aucun document n'est envoyé au DMP
    Et le projet est validé dans le dossier

  @deduite @SC.DMP/ALI/PROG.06 @SC.DMP/ALI/PROG.07
  Scénario: Le projet validé pendant une panne du DMP part après elle
    Étant donné le DMP est indisponible une fois
    Et un projet personnalisé de l'usager, encore au brouillon
    Quand le professionnel valide ce projet
    Alors le projet est validé dans le dossier
    Quand le produit reprend ses envois en attente
    Alors le DMP montre un seul document, et le produit le montre déposé
