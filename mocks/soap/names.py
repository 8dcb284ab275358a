"""Names of SOAP, WS-Addressing and WS-Security."""

from __future__ import annotations

SOAP = "http://www.w3.org/2003/05/soap-envelope"
SOAP_11 = "http://schemas.xmlsoap.org/soap/envelope/"
WSA = "http://www.w3.org/2005/08/addressing"
WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
XOP = "http://www.w3.org/2004/08/xop/include"

ACTION = f"{{{WSA}}}Action"
MESSAGE_ID = f"{{{WSA}}}MessageID"
RELATES_TO = f"{{{WSA}}}RelatesTo"
REPLY_TO = f"{{{WSA}}}ReplyTo"
TO = f"{{{WSA}}}To"
SECURITY = f"{{{WSSE}}}Security"
INCLUDE = f"{{{XOP}}}Include"

MEDIA_TYPE = "application/soap+xml; charset=utf-8"


def local(name: str) -> str:
    """The name without its namespace, as people say it."""
    return name.rpartition("}")[2]


def soap(name: str) -> str:
    """A name in the namespace of SOAP 1.2."""
    return f"{{{SOAP}}}{name}"
