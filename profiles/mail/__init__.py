"""What is in a mail that carries documents: header and parts, XDM archive, receipts. Read within limits, not judged."""
