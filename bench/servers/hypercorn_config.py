"""What Hypercorn is told: a connection lasts as long as the load."""

keep_alive_max_requests = 10**9
