// actionhero 29 as a contestant of MessagingMatch: node hero.js PORT [PEER]. Calls by doCluster travel through Redis; those for
// a connection are run by the node that holds it, which is the process without a peer.
"use strict";
const fs = require("fs");
const os = require("os");
const path = require("path");
const readline = require("readline");
const [port, peer] = [process.argv[2], process.argv[3]];
const hero = require.resolve("actionhero-29");
const project = fs.mkdtempSync(path.join(os.tmpdir(), "hero-"));
const text = "x".repeat(100);

const answer = (line) => fs.writeSync(1, `# ${line}\n`);
const nanos = () => Number(process.hrtime.bigint());

function configure() {
  fs.mkdirSync(path.join(project, "config"));
  const none = { action: [], server: [], cli: [], initializer: [], plugin: [], public: [], task: [] };
  const config = {
    general: { paths: { ...none, pid: [project], log: [project] }, serverToken: "8c1f5b0e7d3a4926b7e0" },
    web: { enabled: false },
    websocket: { enabled: false },
    logger: { loggers: [] },
    tasks: { scheduler: false, queues: [], minTaskProcessors: 0, maxTaskProcessors: 0 },
  };
  fs.writeFileSync(path.join(project, "config", "match.js"), `const config = ${JSON.stringify(config)};
    exports.DEFAULT = Object.fromEntries(Object.entries(config).map(([name, values]) => [name, () => values]));`);
  Object.assign(process.env, { REDIS_HOST: "127.0.0.1", REDIS_PORT: port, REDIS_DB: "0", NODE_ENV: "development", PROJECT_ROOT: project, ACTIONHERO_TITLE: peer ? "here" : "there", ACTIONHERO_CONFIG: path.join(project, "config") });
}

async function calls(redis, inFlight, millis) {
  const took = [];
  const begun = nanos();
  const end = begun + millis * 1e6;
  const chain = async () => {
    for (let sent = nanos(); sent < end; sent = nanos()) {
      const echoed = await redis.doCluster("api.match.echo", [text], "match", true);
      if (echoed !== text) {
        throw new Error(`another answer: ${echoed}`);
      }
      took.push(nanos() - sent);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, chain));
  const all = nanos() - begun;
  took.sort((a, b) => a - b);
  return `${took.length} ${all} ${took[Math.floor(took.length / 2)]} ${took[Math.floor((took.length * 99) / 100)]}`;
}

async function main() {
  configure();
  process.chdir(project);
  const { Process, api, redis } = require(hero);
  const hero29 = new Process();
  await hero29.start();
  api.match = { echo: async (argument) => argument };
  if (!peer) {
    api.connections.connections.match = {};
  }
  answer("ready");
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const words = line.split(" ");
    if (words[0] === "cpu") {
      const { user, system } = process.cpuUsage();
      answer(user + system);
    } else {
      answer(await calls(redis, Number(words[1]), Number(words[2])));
    }
  }
}

main().catch((error) => console.error(error)).finally(() => {
  process.chdir(os.tmpdir());
  fs.rmSync(project, { recursive: true, force: true });
  process.exit(0);
});
