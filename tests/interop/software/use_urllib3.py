"""urllib3 with its HTTP/2.  `use_urllib3.py URL AUTHORITY`."""

import hashlib
import json
import sys

import h2.connection
import urllib3
import urllib3.http2

URL, AUTHORITY = sys.argv[1:3]

urllib3.http2.inject_into_urllib3()
with urllib3.PoolManager(ca_certs=AUTHORITY) as pool:
    responses = [pool.request("GET", URL) for _ in range(10)]
print(
    json.dumps(
        {
            "h2": h2.connection.H2Connection.__module__,
            "versions": sorted({each.version_string for each in responses}),
            "statuses": sorted({each.status for each in responses}),
            "sha256": sorted({hashlib.sha256(each.data).hexdigest() for each in responses}),
        }
    )
)
