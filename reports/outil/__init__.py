"""Installation of the Allure generator (Node), apart from the Python environment."""
