"""A WebSocket over HTTP/2 (RFC 8441), or over HTTP/1.1, with h2 or wsproto.

`use_websocket.py h2|h11 PORT AUTHORITY` says three things and prints what it hears.
"""

import json
import socket
import ssl
import sys

import h2.config
import h2.connection
import h2.events
import h2.settings
import wsproto
import wsproto.connection
import wsproto.events

HOW, PORT, AUTHORITY = sys.argv[1], int(sys.argv[2]), sys.argv[3]
SAID = ["one", b"\x00\xff" * 1000, "three" * 5000]


def over_h2():
    """Extended CONNECT, and frames of a WebSocket in DATA."""
    context = ssl.create_default_context(cafile=AUTHORITY)
    context.set_alpn_protocols(["h2"])
    sock = context.wrap_socket(
        socket.create_connection(("127.0.0.1", PORT)), server_hostname="localhost"
    )
    connection = h2.connection.H2Connection(h2.config.H2Configuration(header_encoding="utf-8"))
    connection.initiate_connection()
    sock.sendall(connection.data_to_send())
    websocket = wsproto.connection.Connection(wsproto.connection.ConnectionType.CLIENT)
    heard = []
    state = {"allowed": False, "status": None}

    def pump(done):
        while not done():
            octets = sock.recv(65_536)
            assert octets, "the server has gone"
            for event in connection.receive_data(octets):
                if isinstance(event, h2.events.RemoteSettingsChanged):
                    code = h2.settings.SettingCodes.ENABLE_CONNECT_PROTOCOL
                    state["allowed"] = state["allowed"] or connection.remote_settings[code] == 1
                elif isinstance(event, h2.events.ResponseReceived):
                    state["status"] = dict(event.headers)[":status"]
                elif isinstance(event, h2.events.DataReceived):
                    connection.acknowledge_received_data(event.flow_controlled_length, 1)
                    websocket.receive_data(event.data)
                    heard.extend(collect(websocket))
            sock.sendall(connection.data_to_send())

    pump(lambda: state["allowed"])
    head = [(":method", "CONNECT"), (":protocol", "websocket"), (":scheme", "https")]
    head += [(":authority", f"localhost:{PORT}"), (":path", "/"), ("sec-websocket-version", "13")]
    connection.send_headers(1, head)
    sock.sendall(connection.data_to_send())
    pump(lambda: state["status"] is not None)
    for number, message in enumerate(SAID, 1):
        octets = websocket.send(wsproto.events.Message(data=message))
        for at in range(0, len(octets), 16_384):
            connection.send_data(1, octets[at : at + 16_384])
        sock.sendall(connection.data_to_send())
        pump(lambda due=number: len(heard) == due)
    connection.send_data(1, websocket.send(wsproto.events.CloseConnection(1000)))
    sock.sendall(connection.data_to_send())
    sock.close()
    return state["status"], heard


def over_h11():
    """The handshake of wsproto, which is one of h11's."""
    sock = socket.create_connection(("127.0.0.1", PORT))
    websocket = wsproto.WSConnection(wsproto.ConnectionType.CLIENT)
    sock.sendall(websocket.send(wsproto.events.Request(host=f"127.0.0.1:{PORT}", target="/")))
    heard = []
    accepted = False
    while not accepted:
        websocket.receive_data(sock.recv(65_536))
        for event in websocket.events():
            accepted = accepted or isinstance(event, wsproto.events.AcceptConnection)
    for number, message in enumerate(SAID, 1):
        sock.sendall(websocket.send(wsproto.events.Message(data=message)))
        while len(heard) < number:
            websocket.receive_data(sock.recv(65_536))
            heard.extend(collect(websocket))
    sock.sendall(websocket.send(wsproto.events.CloseConnection(1000)))
    sock.close()
    return "101", heard


parts = []


def collect(websocket):
    """Messages that are whole."""
    for event in websocket.events():
        if isinstance(event, wsproto.events.Message):
            parts.append(event.data)
            if event.message_finished:
                whole = parts[0][:0].join(parts)
                parts.clear()
                yield whole


status, heard = over_h2() if HOW == "h2" else over_h11()
print(
    json.dumps(
        {
            "h2": h2.connection.H2Connection.__module__,
            "status": status,
            "same": heard == SAID,
            "count": len(heard),
        }
    )
)
