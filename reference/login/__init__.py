"""Who is there: professionals by Pro Santé Connect or a local account, usagers by FranceConnect."""
