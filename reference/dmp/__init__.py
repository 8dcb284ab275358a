"""The product in front of the DMP: SOAP, IHE XDS.b, and what professionals do there."""
