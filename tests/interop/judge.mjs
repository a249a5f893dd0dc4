// A server and a client of node's that hear whatever they are told, and do no more about it.
//
//   node judge.mjs serve         prints its port; answers nothing
//   node judge.mjs ask PORT N    connects N times, each with one GET
import { connect, createServer } from "node:http2";

const [mode, port, count] = process.argv.slice(2);

if (mode === "serve") {
  const server = createServer();
  server.on("stream", (stream) => stream.on("error", () => {}).resume());
  server.on("sessionError", () => {});
  server.listen(0, "127.0.0.1", () => console.log(server.address().port));
} else {
  for (let number = 0; number < Number(count); number++) {
    const session = connect(`http://127.0.0.1:${port}`);
    session.on("error", () => {});
    const stream = session.request({ ":path": "/" });
    stream.on("error", () => {}).resume();
  }
  // Of some sessions that end badly node does not say that they are closed: it waits to be ended.
  setInterval(() => {}, 1000);
}
