# language: fr
@INSI @DE1-TR-01
Fonctionnalité: Le professionnel retrouve un dossier par l'INS ou par les traits
  Guide d'implémentation de l'INS, règle 17 ; exigences INS du référentiel Ségur.

  @officielle @INS/va1.41
  Plan du scénario: Le matricule <forme> retrouve le dossier
    Étant donné un usager <naissance> dont l'identité est qualifiée
    Quand le professionnel cherche le matricule de l'usager
    Alors la recherche rend ce dossier, et lui seul

    Exemples:
      | forme                      | naissance           |
      | complet                    | né en métropole     |
      | complet, avec sa lettre 2A | né en Corse-du-Sud  |
      | complet, avec sa lettre 2B | né en Haute-Corse   |

  @officielle @INS/va1.41
  Plan du scénario: Un matricule <défaut> ne retrouve rien
    Étant donné un usager dont l'identité est qualifiée
    Quand le professionnel cherche le matricule de l'usager <défaut>
    Alors la recherche ne rend aucun dossier

    Exemples:
      | défaut            |
      | sans sa clé       |
      | à la clé fausse   |
      | tronqué           |

  @officielle @INS/va1.02 @INS/va1.25
  Plan du scénario: Le début du nom <écriture> retrouve le dossier
    Étant donné un usager au nom accentué, sans INS et connu du produit
    Quand le professionnel cherche l'usager par sa date de naissance et le début de son nom <écriture>
    Alors la recherche rend ce dossier

    Exemples:
      | écriture                        |
      | de naissance                    |
      | de naissance, sans accent       |
      | de naissance, en minuscules     |
      | utilisé                         |
