# language: fr
@FC @REC-4.1.9
Fonctionnalité: L'usager se connecte au portail par FranceConnect
  Cadre d'urbanisation, domaine d'étude 4, §1.5.3 et recommandation 4.1.9 : le portail suit le référentiel
  d'identification électronique ; FranceConnect et FranceConnect+, documentation des fournisseurs de service.

  @officielle @SC.SSI/IE.44
  Plan du scénario: L'usager se connecte par <fournisseur>
    Étant donné un usager connu du produit
    Quand l'usager se connecte par <fournisseur>
    Alors le portail lui ouvre une session avec son identité
    Et le portail a demandé à <fournisseur> le niveau <niveau>

    Exemples:
      | fournisseur    | niveau |
      | FranceConnect  | eidas1 |
      | FranceConnect+ | eidas2 |

  @officielle
  Plan du scénario: Un usager <naissance> se connecte
    Étant donné un usager <naissance>, connu du produit
    Quand l'usager se connecte par FranceConnect
    Alors le portail lui ouvre une session avec son identité

    Exemples:
      | naissance           |
      | né à l'étranger     |
      | né en Corse-du-Sud  |
      | né en Haute-Corse   |

  @deduite
  Plan du scénario: Un usager <particularité> se connecte
    Étant donné un usager <particularité>, connu du produit
    Quand l'usager se connecte par FranceConnect
    Alors le portail lui ouvre une session avec son identité

    Exemples:
      | particularité                |
      | au jour de naissance inconnu |
      | aux prénoms composés         |

  @officielle
  Scénario: Deux connexions d'usagers n'ont en commun ni l'état ni le nonce
    Étant donné un usager connu du produit
    Et un autre usager connu du produit
    Quand l'usager se connecte par FranceConnect
    Et l'autre usager se connecte par FranceConnect
    Alors les demandes à FranceConnect n'ont en commun ni l'état ni le nonce

  Règle: L'identité pivot retrouve le dossier de l'usager, et jamais celui d'un autre
    FranceConnect, données des usagers : le compte a pour clé l'identifiant technique (sub), et non l'adresse de
    courriel ; les valeurs varient un peu d'un fournisseur d'identité à l'autre.

    @deduite
    Scénario: Le dossier de mêmes traits est retrouvé, sans doublon
      Étant donné un usager connu du produit
      Quand l'usager se connecte par FranceConnect
      Alors le portail rapproche l'usager de son dossier, ou demande à un humain

    @banc
    Scénario: Un dossier saisi sans accent ni trait d'union n'est pas doublé
      Étant donné un usager dont le dossier est écrit en capitales sans accent
      Quand l'usager se connecte par FranceConnect
      Alors le portail rapproche l'usager de son dossier, ou demande à un humain

    @deduite
    Scénario: Le dossier d'un homonyme né un autre jour reste fermé
      Étant donné un usager inconnu du produit
      Et un homonyme de l'usager né un autre jour, connu du produit
      Quand l'usager se connecte par FranceConnect
      Alors le portail n'a pas ouvert le dossier de l'homonyme

    @officielle
    Scénario: Le dossier qui porte la même adresse de courriel reste fermé
      Étant donné un usager inconnu du produit
      Et un autre usager connu du produit, à la même adresse de courriel
      Quand l'usager se connecte par FranceConnect
      Alors le portail n'a pas ouvert le dossier de l'autre usager

    @officielle
    Scénario: L'usager qui revient retrouve le même compte
      Étant donné un usager connu du produit
      Et que l'usager s'est déjà connecté par FranceConnect, puis déconnecté
      Quand l'usager se connecte par FranceConnect
      Alors le portail lui ouvre le même compte que la première fois

    @officielle @INSI
    Scénario: L'usager dont le dossier a changé de nom retrouve le même compte
      Étant donné un usager sans INS, connu du produit
      Et que l'usager s'est déjà connecté par FranceConnect, puis déconnecté
      Et que le nom de naissance a changé dans le dossier de l'usager
      Quand l'usager se connecte par FranceConnect
      Alors le portail lui ouvre le même compte que la première fois

    @deduite @INSI @DE1-TR-01
    Scénario: FranceConnect ne donne pas d'INS et ne qualifie aucune identité
      Étant donné un usager sans INS, connu du produit
      Quand l'usager se connecte par FranceConnect
      Alors l'identité de l'usager n'est pas qualifiée
      Et l'identité de l'usager ne porte aucun matricule

    @banc
    Scénario: Un aidant connecté en son nom n'ouvre pas le dossier d'un usager qui ne l'a pas désigné
      Étant donné un usager connu du produit
      Et un autre usager connu du produit
      Quand l'autre usager se connecte par FranceConnect
      Et quelqu'un ouvre les pages de l'usager avec cette session FranceConnect
      Alors aucune de ces pages n'est servie

  Règle: La session finit comme elle a commencé, chez les deux

    @officielle @SC.SSI/IE.53
    Scénario: La déconnexion ferme la session du portail et celle de FranceConnect
      Étant donné un usager connu du produit
      Et que l'usager s'est déjà connecté par FranceConnect
      Quand l'usager se déconnecte de FranceConnect
      Alors FranceConnect a reçu une demande de déconnexion complète
      Et la session du portail d'avant n'est plus ouverte

    @officielle
    Scénario: L'usager qui renonce revient au portail, sans session
      Étant donné un usager connu du produit
      Quand l'usager renonce à se connecter sur la page de FranceConnect
      Alors le portail ne lui ouvre aucune session
      Et le portail lui répond par une page lisible

    @officielle
    Scénario: Aucun jeton de FranceConnect ne paraît dans les pages ni dans le journal technique
      Étant donné un usager connu du produit
      Et que l'usager s'est déjà connecté par FranceConnect
      Quand l'usager se déconnecte de FranceConnect
      Alors aucun jeton ne paraît dans les pages du produit
      Et aucun jeton ne paraît dans le journal technique du produit

    @deduite
    Scénario: FranceConnect indisponible, le portail le dit et reste ouvert par ailleurs
      Étant donné un usager connu du produit
      Et que FranceConnect ne remet plus de jeton
      Quand l'usager se connecte par FranceConnect
      Alors le portail ne lui ouvre aucune session
      Et le portail explique à l'usager que FranceConnect ne répond pas
      Quand l'usager se connecte au portail
      Alors le portail lui donne la synthèse de son dossier et son contrat
