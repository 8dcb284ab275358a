# language: fr
@RDV @etude
Fonctionnalité: Le rendez-vous que tous ont accepté entre dans l'agenda de chacun
  Cadre d'urbanisation, coordination, §1.2.5 flux D (5) et notifications, à l'étude : une fois que tous ont accepté, le
  bloc écrit le rendez-vous dans l'agenda de chaque professionnel.

  Contexte:
    Étant donné un professionnel de la structure
    Et un médecin d'une autre structure, libre dans 10 jours de 09:00 à 12:00
    Et le professionnel a publié ses disponibilités dans 10 jours de 09:00 à 10:30
    Et le professionnel a demandé une réunion de synthèse au médecin dans 10 jours à 09:30

  @deduite @DE1-AGENDA-FD-FIN @DE1-AGENDA-UC4
  Scénario: Le rendez-vous conclu est à l'agenda, et son temps n'est plus offert
    Quand le médecin accepte
    Et le bloc écrit le rendez-vous dans les agendas
    Alors le rendez-vous est une seule fois à l'agenda du professionnel
    Quand le professionnel publie ses disponibilités dans 10 jours de 09:00 à 10:30
    Alors le bloc offre le professionnel dans 10 jours à 09:00 et 10:00, et à aucune autre heure

  @deduite @DE1-AGENDA-FD-FIN
  Scénario: Tant que tous n'ont pas accepté, le rendez-vous n'est pas à l'agenda
    Quand le médecin refuse
    Alors le rendez-vous n'est pas à l'agenda du professionnel

  @banc @DE1-AGENDA-FD-FIN
  Scénario: Une écriture répétée du bloc ne double pas le rendez-vous
    Quand le médecin accepte
    Et le bloc écrit le rendez-vous dans les agendas
    Et le bloc, qui n'a pas reçu la réponse, l'écrit de nouveau
    Alors le rendez-vous est une seule fois à l'agenda du professionnel

  @banc @DE1-AGENDA-FD-FIN
  Scénario: Un rendez-vous annulé après coup quitte l'agenda
    Quand le médecin accepte
    Et le bloc écrit le rendez-vous dans les agendas
    Et le médecin annule
    Et le bloc écrit l'annulation dans les agendas
    Alors le produit montre ce rendez-vous annulé
    Et le rendez-vous n'est pas à l'agenda du professionnel

  @banc @DE1-AGENDA-NOTIF
  Scénario: Un professionnel est averti qu'un confrère propose un autre horaire
    Quand le médecin propose dans 10 jours à 11:00
    Alors le professionnel est averti de la réponse du médecin

  @banc @DE1-AGENDA-NOTIF
  Scénario: Un professionnel qui ne le veut pas n'est averti de rien
    Étant donné le professionnel ne veut pas être averti de ses rendez-vous entre professionnels
    Quand le médecin propose dans 10 jours à 11:00
    Alors le professionnel n'est averti de rien
