"""The grammar as sources of regular expressions, by the names under which h11 keeps them.

They accept what h11's accept.  The engine has a grammar of its own and does not ask these.
"""

# RFC 9110 §5.6.2, §5.6.3.
OWS = r"[ \t]*"
token = r"[-!#$%&'*+.^_`|~0-9a-zA-Z]+"

# RFC 9110 §5.5, but for controls: all of them are let pass that are neither NUL nor white space.
field_name = token
vchar = r"[\x21-\x7e]"
vchar_or_obs_text = r"[^\x00\s]"
field_vchar = vchar_or_obs_text
field_content = rf"{field_vchar}+(?:[ \t]+{field_vchar}+)*"
field_value = rf"({field_content})?"
header_field = rf"(?P<field_name>{field_name}):{OWS}(?P<field_value>{field_value}){OWS}"

# RFC 9112 §3 and §4.  The SP behind the status code may be missing where the reason does.
method = token
request_target = rf"{vchar}+"
http_version = r"HTTP/(?P<http_version>[0-9]\.[0-9])"
request_line = rf"(?P<method>{method}) (?P<target>{request_target}) {http_version}"
status_code = r"[0-9]{3}"
reason_phrase = rf"([ \t]|{vchar_or_obs_text})*"
status_line = rf"{http_version} (?P<status_code>{status_code})(?: (?P<reason>{reason_phrase}))?"

# RFC 9112 §7.1: twenty digits are more than any size needs.
HEXDIG = r"[0-9A-Fa-f]"
chunk_size = rf"({HEXDIG}){{1,20}}"
chunk_ext = r";.*"
chunk_header = rf"(?P<chunk_size>{chunk_size})(?P<chunk_ext>{chunk_ext})?{OWS}\r\n"
