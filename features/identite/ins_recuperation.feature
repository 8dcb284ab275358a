# language: fr
@INSI @DE1-TR-01
Fonctionnalité: Le produit récupère l'INS de l'usager auprès de l'INSi
  Référentiel INS et guide d'implémentation ; exigences INS du référentiel Ségur, vague 1 reprise en vague 2.

  @officielle @INS/va1.52
  Plan du scénario: L'INS récupérée <nature> garde le matricule et le domaine que rend l'INSi
    Étant donné un usager sans INS, connu du produit
    Et que l'INSi lui connaît un matricule <nature>
    Quand le produit récupère l'INS de l'usager par ses traits
    Alors l'identité de l'usager est récupérée, avec l'INS que rend l'INSi

    Exemples:
      | nature                     |
      | de test                    |
      | NIR                        |
      | NIA                        |

  @deduite
  Scénario: L'INS se récupère aussi par la carte Vitale
    Étant donné un usager sans INS, connu du produit
    Quand le produit récupère l'INS de l'usager par sa carte Vitale
    Alors l'identité de l'usager est récupérée, avec l'INS que rend l'INSi

  @deduite
  Scénario: Un nom accentué est cherché en capitales sans accent
    Étant donné un usager au nom accentué, sans INS et connu du produit
    Quand le produit récupère l'INS de l'usager par ses traits
    Alors l'INSi a trouvé une identité
    Et l'identité de l'usager est récupérée, avec l'INS que rend l'INSi

  Règle: Sans réponse unique et complète, aucune INS n'entre dans le dossier

    @deduite
    Scénario: Personne n'est trouvé
      Étant donné un usager sans INS, connu du produit
      Et que l'INSi ne connaît pas l'usager
      Quand le produit récupère l'INS de l'usager par ses traits
      Alors l'identité de l'usager est provisoire et sans INS
      Et le produit explique le résultat au professionnel

    @deduite
    Scénario: Plusieurs personnes sont trouvées
      Étant donné un usager sans INS, connu du produit
      Et que l'INSi connaît un homonyme de l'usager
      Quand le produit récupère l'INS de l'usager par ses traits
      Alors l'identité de l'usager est provisoire et sans INS
      Et le produit explique le résultat au professionnel

    @officielle
    Plan du scénario: L'INSi rend une identité <défaut>
      Étant donné un usager sans INS, connu du produit
      Et que l'INSi rend une identité <défaut>
      Quand le produit récupère l'INS de l'usager par ses traits
      Alors l'identité de l'usager est provisoire et sans INS

      @INS/va1.28
      Exemples:
        | défaut                    |
        | au jour de naissance nul  |

      @INS/va1.31
      Exemples:
        | défaut                    |
        | sans nom de naissance     |

    @deduite
    Scénario: L'INSi rend d'autres traits, et le professionnel les refuse
      Étant donné un usager sans INS, connu du produit
      Et que l'INSi rend une identité aux traits différents
      Quand le produit récupère l'INS de l'usager par ses traits
      Alors le produit demande au professionnel de confirmer les traits
      Quand le professionnel refuse l'identité rendue
      Alors l'identité de l'usager est provisoire et sans INS

    @deduite
    Scénario: L'INSi rend d'autres traits, et le professionnel les confirme
      Étant donné un usager sans INS, connu du produit
      Et que l'INSi rend une identité aux traits différents
      Quand le produit récupère l'INS de l'usager par ses traits
      Alors le produit demande au professionnel de confirmer les traits
      Quand le professionnel confirme l'identité rendue
      Alors l'identité de l'usager est récupérée, avec les traits qu'il a confirmés

    @deduite @INS/va1.38
    Plan du scénario: L'INSi <panne> laisse l'identité comme elle est
      Étant donné un usager sans INS, connu du produit
      Et que l'INSi est <panne>
      Quand le produit récupère l'INS de l'usager par ses traits
      Alors l'identité de l'usager est provisoire et sans INS
      Et le produit explique le résultat au professionnel
      Et le produit garde la trace de cet appel

      Exemples:
        | panne                   |
        | en erreur technique     |
        | indisponible            |

  Règle: N'appelle l'INSi que qui le doit, et tout appel laisse une trace

    @officielle @INS/va1.20
    Plan du scénario: Une identité <attribut> n'est pas envoyée à l'INSi
      Étant donné un usager sans INS, connu du produit
      Et que l'identité de l'usager est notée <attribut>
      Quand le produit récupère l'INS de l'usager par ses traits
      Alors aucun appel n'a eu lieu vers l'INSi
      Et l'identité de l'usager ne porte aucun matricule

      Exemples:
        | attribut |
        | douteuse |
        | fictive  |

    @officielle @INS/va1.32
    Scénario: Sans le droit, le professionnel n'appelle pas l'INSi
      Étant donné un usager sans INS, connu du produit
      Et un professionnel sans droit sur l'INS
      Quand ce professionnel récupère l'INS de l'usager par ses traits
      Alors aucun appel n'a eu lieu vers l'INSi

    @officielle @INS/va1.50
    Scénario: Sans le droit, le professionnel ne voit pas l'INS
      Étant donné un usager dont l'identité est qualifiée
      Et un professionnel sans droit sur l'INS
      Quand ce professionnel ouvre l'identité de l'usager
      Alors il n'y lit aucun matricule

    @officielle @INS/va1.38 @INS/va1.35
    Scénario: L'appel est tracé avec son code et ses données, anciennes INS comprises
      Étant donné un usager sans INS, connu du produit
      Et que l'INSi lui connaît une ancienne INS
      Quand le produit récupère l'INS de l'usager par ses traits
      Alors l'identité de l'usager est récupérée, avec l'INS que rend l'INSi
      Et le produit garde la trace de cet appel, ancienne INS comprise
