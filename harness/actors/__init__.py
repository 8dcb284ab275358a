"""Those the bench plays: fictitious persons, their browser, and the national side in front of them."""
