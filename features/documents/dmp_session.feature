# language: fr
@DMP @PSC @INSI
Fonctionnalité: Le professionnel appelle les services nationaux sous une même identité
  Cadre d'urbanisation, DE1 §1.2.1 : les API du bouquet de services s'appellent depuis le logiciel métier ; référentiel
  d'identification des professionnels : l'identité est celle du RPPS.

  @banc @cible @DE1-TR-06 @DOC-RPPS-03 @SC.PSC.10
  Scénario: Connecté une fois, le professionnel appelle l'INSi puis le DMP
    Étant donné un professionnel connecté par Pro Santé Connect, habilité au DMP
    Et un usager sans INS, connu du produit
    Quand le professionnel récupère l'INS de l'usager par ses traits
    Et le professionnel enregistre le passeport de l'usager
    Et l'usager accepte l'alimentation de son DMP, et le produit y dépose son projet
    Alors l'INSi et le DMP ont été appelés pour l'usager
    Et le DMP a reçu, à chaque appel, l'identifiant du professionnel que donne Pro Santé Connect
    Et le professionnel ne s'est connecté qu'une fois
