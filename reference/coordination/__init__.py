"""Appointments between professionals: the product as software connected to the booking block, and as an agenda."""
