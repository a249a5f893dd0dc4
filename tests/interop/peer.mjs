// The other end of the heavy conversations, over HTTP/2 in cleartext.
//
//   node peer.mjs upload URL FILE     sends FILE, prints what comes back
//   node peer.mjs many URL COUNT      opens COUNT streams at once, prints how each ended
//   node peer.mjs serve               prints its port; answers with the checksum of what it is sent,
//                                     and /hold only when as many are waiting as its query says
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { connect, createServer } from "node:http2";

const [mode, target, argument] = process.argv.slice(2);

function finish(session, result) {
  console.log(JSON.stringify(result));
  session.close();
}

function open(url) {
  const session = connect(url.origin);
  session.on("error", (error) => {
    console.error(error);
    process.exit(1);
  });
  return session;
}

function exchange(session, path, body) {
  return new Promise((resolve, reject) => {
    const method = body ? "POST" : "GET";
    const stream = session.request({ ":method": method, ":path": path }, { endStream: !body });
    let status = 0;
    let text = "";
    stream.on("response", (fields) => (status = fields[":status"]));
    stream.on("data", (chunk) => (text += chunk));
    stream.on("end", () => resolve({ status, text }));
    stream.on("error", reject);
    if (body) body.pipe(stream);
  });
}

if (mode === "upload") {
  const url = new URL(target);
  const session = open(url);
  finish(session, await exchange(session, url.pathname, createReadStream(argument)));
} else if (mode === "many") {
  const url = new URL(target);
  const session = open(url);
  // Only once the server's limit is known: node opens what it is asked to at once.
  await new Promise((resolve) => session.once("remoteSettings", resolve));
  const count = Number(argument);
  const all = Array.from({ length: count }, () => exchange(session, url.pathname));
  const done = await Promise.all(all);
  finish(session, done.filter((answer) => answer.status === 200).length);
} else if (mode === "serve") {
  const server = createServer({ settings: { maxConcurrentStreams: 1000 } });
  const waiting = [];
  server.on("stream", (stream, fields) => {
    const [path, count] = fields[":path"].split("?");
    if (path === "/hold") {
      waiting.push(stream);
      if (waiting.length === Number(count)) {
        for (const each of waiting.splice(0)) {
          each.respond({ ":status": 200 });
          each.end("all of us");
        }
      }
      return;
    }
    const digest = createHash("sha256");
    stream.on("data", (chunk) => digest.update(chunk));
    stream.on("end", () => {
      stream.respond({ ":status": 200 });
      stream.end(digest.digest("hex"));
    });
  });
  server.listen(0, "127.0.0.1", () => console.log(server.address().port));
}
