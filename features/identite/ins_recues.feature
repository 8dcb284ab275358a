# language: fr
@INSI @DE1-TR-01
Fonctionnalité: Le produit revérifie l'identité qu'un autre domaine lui envoie
  Guide d'implémentation de l'INS, règles 30, 51, 52 et 55 ; exigences INS du référentiel Ségur.

  @officielle @INS/va1.11
  Scénario: Une identité reçue qualifiée est vérifiée auprès de l'INSi
    Étant donné un usager inconnu du produit
    Quand un autre domaine envoie l'identité qualifiée de l'usager
    Alors l'INSi a reçu une demande de vérification

  @officielle @INS/va1.13 @INS/va1.04
  Scénario: Une identité reçue que l'INSi n'a pas pu vérifier n'est pas tenue pour qualifiée
    Étant donné un usager inconnu du produit
    Et que l'INSi est indisponible
    Quand un autre domaine envoie l'identité qualifiée de l'usager
    Alors l'identité reçue n'est pas qualifiée

  @officielle @INS/va1.05
  Scénario: L'identité inconnue que l'INSi ne confirme pas est créée sans INS
    Étant donné un usager inconnu du produit
    Et que l'INSi ne confirme pas l'INS de l'usager
    Quand un autre domaine envoie l'identité qualifiée de l'usager
    Alors l'identité reçue est provisoire et sans INS

  @officielle @INS/va1.07
  Scénario: L'identité connue que l'INSi ne confirme pas n'est pas modifiée
    Étant donné un usager sans INS, connu du produit
    Et que l'INSi ne confirme pas l'INS de l'usager
    Quand un autre domaine envoie l'identité qualifiée de l'usager, sous un autre nom utilisé
    Alors l'identité de l'usager est provisoire et sans INS
    Et l'identité de l'usager garde ses traits

  @officielle @INS/va1.12
  Scénario: Le document d'une identité que l'INSi ne confirme pas attend un professionnel
    Étant donné un usager inconnu du produit
    Et que l'INSi ne confirme pas l'INS de l'usager
    Quand un autre domaine envoie un document avec l'identité qualifiée de l'usager
    Alors le document n'est pas classé
    Et l'identité reçue figure sur la liste de travail

  @deduite
  Scénario: Une identité reçue qui n'est pas validée perd son INS
    CI-SIS, transmission d'un document CDA en HL7v2 (statut de l'identité en PID-32).
    Étant donné un usager inconnu du produit
    Quand un autre domaine envoie l'identité provisoire de l'usager
    Alors l'identité reçue est provisoire et sans INS
