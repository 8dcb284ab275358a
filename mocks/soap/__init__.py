"""SOAP 1.2 as several services speak it: reading a message from a stranger, telling a fault, carrying attachments."""
