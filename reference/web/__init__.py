"""Pages of the portal and of the DUI, and the driver of the bench."""
