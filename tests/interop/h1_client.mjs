// An HTTP/1.1 client of node's: a port a line, and for each what came of a GET, as a line of JSON.
import http from "node:http";
import readline from "node:readline";

function ask(port) {
  return new Promise((resolve) => {
    const pieces = [];
    let status = "";
    let over = false;
    const tell = (refused) => {
      if (!over) {
        over = true;
        resolve({ status, content: Buffer.concat(pieces).toString("base64"), refused });
      }
    };
    const request = http.get({ host: "127.0.0.1", port, agent: false }, (response) => {
      status = String(response.statusCode);
      response.on("data", (piece) => pieces.push(piece));
      response.on("end", () => tell(!response.complete));
      response.on("error", () => tell(true));
      response.on("close", () => tell(!response.complete));
    });
    request.on("upgrade", (response, socket) => { status = "101"; socket.destroy(); tell(false); });
    request.on("error", () => tell(true));
  });
}

for await (const line of readline.createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await ask(Number(line))));
}
