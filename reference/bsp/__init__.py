"""The agenda of Mon espace santé as professionals feed and read it, by the API of the BSP."""
