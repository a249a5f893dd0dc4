// Fetches each NAME from BASE at once over one HTTP/2 connection; prints status and checksum as JSON.
// node client.mjs BASE AUTHORITY NAME...
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { connect } from "node:http2";

const [base, authority, ...names] = process.argv.slice(2);
const session = connect(base, { ca: readFileSync(authority) });
session.on("error", (error) => {
  console.error(error);
  process.exit(1);
});

function fetch(name) {
  return new Promise((resolve, reject) => {
    const digest = createHash("sha256");
    const request = session.request({ ":path": "/" + name });
    let status = 0;
    request.on("response", (fields) => (status = fields[":status"]));
    request.on("data", (chunk) => digest.update(chunk));
    request.on("end", () => resolve({ name, status, sha256: digest.digest("hex") }));
    request.on("error", reject);
    request.end();
  });
}

console.log(JSON.stringify(await Promise.all(names.map(fetch))));
session.close();
