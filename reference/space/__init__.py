"""Documents of the portal and Mon espace santé: the API Documents, known by its comparison with PDSm alone."""
