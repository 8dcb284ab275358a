# language: fr
@DE1-AGENDA-FA-SEGUR1
Fonctionnalité: Le portail présente à l'usager l'agenda tenu dans le DUI
  Cadre d'urbanisation, coordination, §1.2.5 flux A : le portail présente une vue de l'agenda (exigence de la
  vague 1 du Ségur) et le DUI l'alimente avec tous les événements de l'usager.

  @officielle
  Scénario: Un rendez-vous saisi dans le DUI se voit sur le portail
    Étant donné un usager connu du produit
    Quand le professionnel saisit dans le DUI un rendez-vous « Kinésithérapie » pour l'usager le 03/02/2025 à 09:00
    Alors le portail montre « Kinésithérapie » le 03/02/2025 à 09:00

  @deduite
  Scénario: Un rendez-vous annulé dans le DUI est annulé sur le portail
    Étant donné un usager connu du produit
    Et un rendez-vous de l'usager saisi dans le DUI le 05/02/2025 à 11:00
    Quand le produit annule ce rendez-vous
    Alors le portail montre un seul événement à cet instant
    Et cet événement est marqué annulé

  @deduite
  Scénario: L'usager lit sur le portail l'heure de l'horloge du lieu
    Étant donné un usager connu du produit
    Quand le professionnel saisit dans le DUI un rendez-vous « Orthophonie » pour l'usager le 30/03/2025 à 09:00
    Alors le portail montre « Orthophonie » le 30/03/2025 à 09:00
    Et l'usager y lit « 30/03/2025 09:00 »
