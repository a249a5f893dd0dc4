"""TLS as HTTP/2 wants it (RFC 9113 §9.2), by the standard library.

Not here: certificates' making.  Any `ssl.SSLContext` of the caller's own works as well; over one
that does not offer `h2` by ALPN, HTTP/1.1 is spoken.
"""

import ssl
from collections.abc import Sequence
from typing import Final

from hyper.http import ALL_VERSIONS, Version
from hyper.io.errors import TLSError

# RFC 9113 §9.2.2: the ciphers of appendix A MAY be refused.  What remains for TLS 1.2 is ephemeral
# key exchange with an AEAD; TLS 1.3 has nothing else.
_TLS12_CIPHERS: Final = "ECDHE+AESGCM:ECDHE+CHACHA20:DHE+AESGCM:DHE+CHACHA20:!aNULL:!PSK"


def client_context(
    cafile: str | None = None,
    *,
    insecure: bool = False,
    versions: Sequence[Version] = ALL_VERSIONS,
) -> ssl.SSLContext:
    """A context for `connect` that offers `versions` by ALPN, the best first.

    The peer's certificate is checked against the system's authorities, or those in `cafile` (PEM)
    alone; `insecure` checks nothing.  `TLSError` when `cafile` cannot be read.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if insecure:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    elif cafile is None:
        context.load_default_certs()
    else:
        try:
            context.load_verify_locations(cafile)
        except (OSError, ValueError) as error:
            raise TLSError(
                f"expected certificate authorities in {cafile}: {_reason(error)}"
            ) from error
    return _for_http(context, versions)


def server_context(
    certfile: str, keyfile: str | None = None, *, versions: Sequence[Version] = ALL_VERSIONS
) -> ssl.SSLContext:
    """A context for `serve` that chooses by ALPN the first of `versions` that the client offers.

    `certfile` holds the chain (PEM), `keyfile` its key unless that is in the same file.
    `TLSError` when either cannot be read, or they do not belong together.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        context.load_cert_chain(certfile, keyfile, password=_no_password)
    except (OSError, ValueError) as error:
        raise TLSError(
            f"expected a certificate and its key in {keyfile or certfile}: {_reason(error)}"
        ) from error
    return _for_http(context, versions)


def tls_reason(error: Exception) -> str:
    """What a failed handshake has to say, without the library's file names and line numbers."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the certificate does not hold: {error.verify_message}"
    return _reason(error)


def _reason(error: Exception) -> str:
    if isinstance(error, ssl.SSLError):
        # Those made in Python, by asyncio for one, lack the attributes of those made in C.
        reason: str = getattr(error, "reason", None) or str(error)
        return reason.replace("_", " ").lower()
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__


def _no_password() -> str:
    # Without this OpenSSL asks at the terminal, and a server would hang at its start.
    raise ValueError("the key is encrypted, and no password can be given here")


def _for_http(context: ssl.SSLContext, versions: Sequence[Version]) -> ssl.SSLContext:
    # Before the handshake nobody knows which version it will be, so HTTP/1.1 gets the same TLS.
    # RFC 9113 §9.2: TLS 1.2 or higher; all versions of OpenSSL that Python takes have server_name.
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    # RFC 9113 §9.2.1, §10.6: compression and renegotiation MUST be disabled.
    context.options |= ssl.OP_NO_COMPRESSION | ssl.OP_NO_RENEGOTIATION
    context.set_ciphers(_TLS12_CIPHERS)
    # RFC 9113 §9.2.3: servers MUST NOT ask for a certificate behind the handshake; nothing does,
    # and a context leaves `post_handshake_auth` off.
    # RFC 9113 §3.2, §3.3: HTTP/2 over TLS MUST be negotiated by ALPN, as h2 and never as h2c.
    context.set_alpn_protocols([version.value for version in versions])
    return context
