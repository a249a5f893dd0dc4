// An HTTP/1.1 server of node's that says what it was asked, a line of JSON for each connection.
import http from "node:http";

const connections = new Map();

function of(socket) {
  const port = socket.remotePort;
  if (!connections.has(port)) {
    const told = { port, messages: [], open: 0, refused: false };
    connections.set(port, told);
    socket.on("close", () => {
      connections.delete(port);
      told.refused = told.refused || told.open > 0;
      console.log(JSON.stringify(told));
    });
  }
  return connections.get(port);
}

function take(request, response) {
  const told = of(request.socket);
  const pieces = [];
  told.open += 1;
  request.on("data", (piece) => pieces.push(piece));
  request.on("end", () => {
    told.open -= 1;
    told.messages.push([request.method, Buffer.concat(pieces).toString("base64")]);
    response.end();
  });
}

const server = http.createServer(take);
server.on("checkContinue", (request, response) => { response.writeContinue(); take(request, response); });
server.on("checkExpectation", (request, response) => {
  of(request.socket).refused = true;
  response.writeHead(417, { Connection: "close" });
  response.end();
});
server.on("connect", (request, socket) => {
  of(socket).messages.push([request.method, ""]);
  socket.end("HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n");
});
server.on("clientError", (error, socket) => {
  of(socket).refused = true;
  socket.destroy();
});
server.on("connection", of);
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
