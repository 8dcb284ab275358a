"""Documents that the product writes: what they are, their PDF, their CDA."""
