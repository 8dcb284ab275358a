# language: fr
@PSC @DOC-RPPS-04 @DOC-VT-02
Fonctionnalité: Le professionnel se connecte au DUI par Pro Santé Connect
  Doctrine du numérique en santé, RPPS et identités ; ANS, sécurisation des API Pro Santé Connectées, v1.2.0 ;
  exigences SC.PSC du référentiel Ségur, vague 2 (base de travail).

  @officielle @DOC-RPPS-03 @DOC-SAS-02 @SC.PSC.01
  Plan du scénario: Le professionnel se connecte avec <moyen>
    Étant donné un professionnel connu du produit
    Quand le professionnel se connecte par Pro Santé Connect avec <moyen>
    Alors le produit lui ouvre une session à son nom

    Exemples:
      | moyen                  |
      | sa carte CPS           |
      | son application e-CPS  |

  @officielle @DOC-RPPS-03 @DOC-RPPS-07
  Scénario: Une professionnelle sans profession réglementée, enregistrée au RPPS, se connecte
    Étant donné un professionnel sans profession réglementée, enregistré au RPPS et connu du produit
    Quand le professionnel se connecte par Pro Santé Connect
    Alors le produit lui ouvre une session à son nom

  @deduite
  Scénario: Un professionnel que sa structure identifie se connecte
    Étant donné un professionnel identifié par sa structure et connu du produit
    Quand le professionnel se connecte par Pro Santé Connect
    Alors le produit lui ouvre une session à son nom

  @officielle @SC.PSC.08
  Scénario: Le produit demande le niveau de garantie qu'exige Pro Santé Connect
    Étant donné un professionnel connu du produit
    Quand le professionnel se connecte par Pro Santé Connect
    Alors le produit a demandé à Pro Santé Connect le niveau eidas1

  @officielle
  Scénario: Deux connexions n'ont en commun ni l'état ni le nonce
    RFC 6749, §10.12 : une demande ne se devine pas d'après une autre.
    Étant donné un professionnel connu du produit
    Et un autre professionnel connu du produit
    Quand le professionnel se connecte par Pro Santé Connect
    Et l'autre professionnel se connecte par Pro Santé Connect
    Alors les demandes de connexion n'ont en commun ni l'état ni le nonce

  Règle: Un professionnel n'a qu'un compte, que son identifiant national désigne
    Référentiel Pro Santé Connect, EX PSC 19.

    @officielle @DOC-RPPS-03 @SC.PSC.02
    Scénario: Le compte local et Pro Santé Connect ouvrent le même compte
      Étant donné un professionnel connu du produit
      Quand le professionnel se connecte par son compte local
      Et le professionnel se connecte par Pro Santé Connect
      Alors le produit lui ouvre une session à son nom
      Et les deux connexions ont ouvert le même compte

    @deduite @SC.PSC.02
    Scénario: Un homonyme n'entre pas dans le compte d'un autre
      Étant donné un professionnel connu du produit
      Et un homonyme du professionnel, inconnu du produit
      Quand l'homonyme se connecte par Pro Santé Connect
      Alors l'homonyme n'est pas entré dans le compte du professionnel

  Règle: Le professionnel travaille dans une situation qui est la sienne

    @deduite
    Scénario: Qui exerce dans deux structures choisit celle où il travaille
      Étant donné un professionnel qui exerce dans deux structures, connu du produit
      Quand le professionnel se connecte par Pro Santé Connect
      Alors le produit lui propose ses deux structures sans choisir à sa place
      Quand le professionnel choisit la seconde
      Alors sa session est ouverte dans la situation choisie

    @banc @DOC-RPPS-10
    Plan du scénario: Un professionnel <particularité> ne se voit prêter aucune structure
      Étant donné un professionnel connu du produit
      Et que Pro Santé Connect le décrit <particularité>
      Quand le professionnel se connecte par Pro Santé Connect
      Alors le produit lui répond par une page lisible
      Et le produit ne lui prête aucune structure qui ne soit la sienne

      Exemples:
        | particularité          |
        | sans aucun exercice    |
        | sans numéro FINESS     |
