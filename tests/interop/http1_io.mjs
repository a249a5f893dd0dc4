// node's HTTP/1.1 client and server, for tests/interop/test_http1_io.py.
import http from "node:http";

function upload(agent, port, size, sockets) {
  return new Promise((resolve, reject) => {
    const options = { host: "127.0.0.1", port, agent, method: "POST" };
    const request = http.request(options, (response) => {
      const pieces = [];
      response.on("data", (piece) => pieces.push(piece));
      response.on("end", () => resolve([response.statusCode, Buffer.concat(pieces).toString()]));
    });
    request.on("socket", (socket) => sockets.add(socket));
    request.on("error", reject);
    for (let left = size; left > 0; left -= 50_000) {
      request.write(Buffer.alloc(Math.min(left, 50_000), "x"));
    }
    request.end();
  });
}

async function client(port, size) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 2 });
  const sockets = new Set();
  const told = await Promise.all([0, 1, 2, 3].map(() => upload(agent, port, size, sockets)));
  console.log(JSON.stringify({
    status: told.map((each) => each[0]),
    bodies: told.map((each) => each[1]),
    sockets: sockets.size,
  }));
  agent.destroy();
}

// Gives back what it is sent: in chunks, by its length, or until the connection ends.
function server() {
  const answer = (request, response) => {
    if (request.url === "/close") {
      response.useChunkedEncodingByDefault = false;
      response.setHeader("Connection", "close");
    } else if (request.url === "/length") {
      response.setHeader("Content-Length", request.headers["content-length"]);
    }
    request.pipe(response);
  };
  const made = http.createServer(answer);
  made.on("checkContinue", (request, response) => {
    response.writeContinue();
    answer(request, response);
  });
  made.listen(0, "127.0.0.1", () => console.log(made.address().port));
}

if (process.argv[2] === "client") {
  await client(Number(process.argv[3]), Number(process.argv[4]));
} else {
  server();
}
