# language: fr
@DMP @DE1-PPA-UC1-LECT @DE1-PPA-FA
Fonctionnalité: Le produit cherche et montre les documents du DMP
  Cadre d'urbanisation, DE1 §1.2.6 cas d'usage 1 et §1.2.7 flux A : les professionnels de l'accompagnement lisent dans le DMP le
  dernier projet de la personne.

  Contexte:
    Étant donné un professionnel du produit, habilité au DMP
    Et un usager qui accepte l'alimentation et la consultation de son DMP
    Et l'autorisation d'accès de la structure est valide

  @deduite
  Scénario: Le projet d'une autre structure se trouve et se lit
    Étant donné un projet personnalisé d'une autre structure dans le DMP
    Quand le professionnel ouvre le DMP de l'usager
    Et le professionnel ouvre ce document
    Alors le produit montre ce document et son contenu

  @deduite
  Scénario: Les seuls projets personnalisés sont montrés à qui les cherche
    Étant donné un projet personnalisé d'une autre structure dans le DMP
    Et un compte rendu d'une autre structure dans le DMP
    Quand le professionnel cherche les projets personnalisés dans le DMP
    Alors le produit montre ce projet, et rien d'autre
    Et le produit montre le filtre en vigueur

  @deduite
  Scénario: La première recherche ne remonte pas au-delà de deux ans
    Étant donné un projet personnalisé d'une autre structure dans le DMP, vieux de 3 ans
    Quand le professionnel ouvre le DMP de l'usager
    Alors le produit ne montre aucun document
    Quand le professionnel cherche dans tout le DMP
    Alors le produit montre ce projet, et rien d'autre

  @deduite
  Scénario: Un document ancien, ajouté depuis la dernière visite, est montré
    Étant donné le professionnel a déjà ouvert le DMP de l'usager
    Et un projet personnalisé d'une autre structure dans le DMP, vieux de 3 ans
    Quand le professionnel ouvre le DMP de l'usager
    Alors le produit montre ce projet, et rien d'autre

  @deduite
  Scénario: Les archives se montrent à qui les demande
    Étant donné un projet personnalisé d'une autre structure dans le DMP
    Et l'usager a archivé ce document
    Quand le professionnel cherche dans tout le DMP
    Alors le produit ne montre aucun document
    Quand le professionnel cherche dans tout le DMP, archives comprises
    Alors le produit montre ce projet, et rien d'autre

  @deduite
  Scénario: L'état d'un document est montré dans la liste
    Étant donné un projet personnalisé d'une autre structure dans le DMP, invisible par l'usager
    Quand le professionnel ouvre le DMP de l'usager
    Alors le produit montre que ce document est invisible par l'usager

  @deduite
  Scénario: Un document invisible par l'usager s'ouvre avec un avertissement
    Étant donné un projet personnalisé d'une autre structure dans le DMP, invisible par l'usager
    Quand le professionnel ouvre le DMP de l'usager
    Et le professionnel ouvre ce document
    Alors le produit avertit que l'usager ne voit pas ce document

  Règle: Le DMP ne se consulte qu'avec l'accord de l'usager et l'autorisation d'accès

    @deduite @SC.DMP/UX.50
    Plan du scénario: L'autorisation d'accès <état> est demandée, puis le DMP se lit
      Étant donné un projet personnalisé d'une autre structure dans le DMP
      Et l'autorisation d'accès de la structure est <état>
      Quand le professionnel ouvre le DMP de l'usager
      Alors la structure a l'autorisation d'accès au DMP
      Et le produit montre ce projet, et rien d'autre

      Exemples:
        | état    |
        | absente |
        | expirée |

    @deduite @SC.DMP/CONF.06
    Scénario: L'usager refuse que son DMP soit consulté
      Étant donné un projet personnalisé d'une autre structure dans le DMP
      Et l'usager refuse que son DMP soit consulté
      Quand le professionnel ouvre le DMP de l'usager
      Alors rien n'est cherché ni lu dans le DMP
      Et le produit avertit que la recherche n'a pas abouti

    @deduite
    Scénario: Le DMP fermé ne se consulte pas
      Étant donné le DMP de l'usager est fermé
      Quand le professionnel ouvre le DMP de l'usager
      Alors rien n'est cherché ni lu dans le DMP
      Et le produit avertit que la recherche n'a pas abouti

    @deduite
    Scénario: Le professionnel bloqué par l'usager ne consulte pas son DMP
      Étant donné l'usager a bloqué ce professionnel dans son DMP
      Quand le professionnel ouvre le DMP de l'usager
      Alors rien n'est cherché ni lu dans le DMP
      Et le produit avertit que la recherche n'a pas abouti

    @banc
    Scénario: L'accès en bris de glace reste affiché
      Étant donné un projet personnalisé d'une autre structure dans le DMP
      Quand le professionnel ouvre le DMP de l'usager en bris de glace
      Alors le produit montre ce projet, et rien d'autre
      Et le produit affiche l'accès en bris de glace

  Règle: Un DMP en panne n'est pas un DMP vide

    @deduite
    Scénario: Le registre occupé n'est pas pris pour un DMP sans document
      Étant donné un projet personnalisé d'une autre structure dans le DMP
      Et le registre du DMP est occupé à chaque recherche
      Quand le professionnel ouvre le DMP de l'usager
      Alors le produit avertit que la recherche n'a pas abouti

    @deduite
    Scénario: Le DMP qui ne répond pas n'est pas pris pour un DMP sans document
      Étant donné un projet personnalisé d'une autre structure dans le DMP
      Et le DMP coupe la connexion à chaque recherche
      Quand le professionnel ouvre le DMP de l'usager
      Alors le produit avertit que la recherche n'a pas abouti

    @deduite
    Scénario: Un document que le DMP ne rend pas ne s'ouvre pas vide
      Étant donné un projet personnalisé d'une autre structure dans le DMP
      Et le DMP ne rend pas les documents qu'on y consulte
      Quand le professionnel ouvre le DMP de l'usager
      Et le professionnel ouvre ce document
      Alors le produit avertit que le document ne s'ouvre pas

    @deduite
    Scénario: Une liste incomplète est montrée comme telle
      Étant donné un projet personnalisé d'une autre structure dans le DMP
      Et le DMP ne rend qu'une partie de ce qu'on y cherche
      Quand le professionnel ouvre le DMP de l'usager
      Alors le produit avertit que la recherche n'a pas abouti
