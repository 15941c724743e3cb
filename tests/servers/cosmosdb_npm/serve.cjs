// The server of @vercel/cosmosdb-server with our certificate and connections that last.
const { readFileSync } = require("node:fs");
const { createHttpsServer } = require("@vercel/cosmosdb-server");

const [cert, key] = process.argv.slice(2).map((path) => readFileSync(path));
const server = createHttpsServer({ cert, key, keepAlive: true });
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
process.stdin.on("end", () => process.exit()).resume(); // it ends with whoever started it
