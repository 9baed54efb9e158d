// A process of another fleet, told what to do by JSON lines on its standard input: {"id", "to", "do", "args"} calls a method
// of its queue, its worker, its scheduler, its cache, its chat, its cluster (hero) or its Redis connection; the answer is {"id", "result"} or {"id", "error"}. What
// happens is told as {"event", ...}. It ends with its standard input.
//
// node fleet.js PORT node-resque|actionhero-9|actionhero-29 {settings}
"use strict";
const [port, make, settings] = [Number(process.argv[2]), process.argv[3], JSON.parse(process.argv[4] || "{}")];
const readline = require("readline");
const fs = require("fs");
const path = require("path");
const os = require("os");

function say(line) {
  fs.writeSync(1, JSON.stringify(line) + "\n");
}

const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

// What a task has done is written into Redis, so that it is judged by what it did and not by what anybody counted.
const jobs = (redis) => ({
  add: { perform: async (a, b) => a + b },
  echo: { perform: async (...args) => JSON.stringify(args) },
  fail: { perform: async () => { throw new TypeError("broken é\u2028</>"); } },
  hang: { perform: () => new Promise(() => {}) },
  mark: { perform: async (n, ms) => {
    await redis().rpush("started", `node:${process.pid} ${n}`);
    await sleep(ms);
    await redis().rpush("ledger", `node:${process.pid} ${n}`);
    return n;
  } },
  locked: { plugins: ["JobLock"], perform: async (n) => { await redis().rpush("ledger", `node ${n}`); return n; } },
  queued: { plugins: ["QueueLock"], perform: async (n) => n },
  delayedOnce: { plugins: ["DelayQueueLock"], perform: async (n) => n },
  retried: {
    plugins: ["Retry"],
    pluginOptions: { Retry: { retryLimit: 3, retryDelay: 100 } },
    perform: async () => { throw new Error("again"); },
  },
});

async function nodeResque() {
  const { Queue, Worker, Scheduler } = require("node-resque");
  const connection = { host: "127.0.0.1", port, namespace: settings.namespace || "resque" };
  let queue;
  const known = jobs(() => queue.connection.redis);
  queue = new Queue({ connection: { ...connection } }, known);
  queue.on("error", (error) => say({ event: "error", error: String(error) }));
  await queue.connect();
  const fleet = { queue, redis: queue.connection.redis };
  if (settings.worker) {
    const worker = new Worker({ connection: { ...connection }, timeout: 50, ...settings.worker }, known);
    worker.on("success", (q, job, result) => say({ event: "success", queue: q, job, result }));
    worker.on("failure", (q, job, error) => say({ event: "failure", queue: q, job, error: String(error) }));
    worker.on("job", (q, job) => say({ event: "job", queue: q, job }));
    worker.on("reEnqueue", (q, job) => say({ event: "reEnqueue", queue: q, job }));
    worker.on("error", (error) => say({ event: "error", error: String(error) }));
    await worker.connect();
    await worker.start();
    fleet.worker = worker;
  }
  if (settings.scheduler) {
    const scheduler = new Scheduler({ connection: { ...connection }, timeout: 100, ...settings.scheduler }, known);
    scheduler.on("leader", () => say({ event: "leader" }));
    scheduler.on("poll", () => say({ event: "poll" }));
    scheduler.on("transferredJob", (second, job) => say({ event: "transferred", second, job }));
    scheduler.on("cleanStuckWorker", (worker) => say({ event: "cleaned", worker }));
    scheduler.on("error", (error) => say({ event: "error", error: String(error) }));
    await scheduler.connect();
    await scheduler.start();
    fleet.scheduler = scheduler;
  }
  return fleet;
}

// actionhero 9.4.1 with the node-resque 0.9 that it brings, as it came: its callbacks become promises here.
async function actionhero9() {
  os.tmpDir = os.tmpDir || os.tmpdir;
  const home = path.dirname(require.resolve("actionhero-9"));
  process.env.ACTIONHERO_CONFIG = path.join(home, "config");
  const tasks = path.join(process.cwd(), `tasks-9-${process.pid}`);
  fs.mkdirSync(tasks, { recursive: true });
  fs.writeFileSync(path.join(tasks, "mark.js"), `exports.task = {
    name: "mark", description: "writes down that it ran", frequency: 0, queue: "default", plugins: [], pluginOptions: {},
    run: function (api, params, next) { api.redis.client.rpush("ledger", "hero " + params.n, function () { next(null, params.n); }); }
  };`);
  const redis = { package: "redis", host: "127.0.0.1", port, password: null, options: null, database: 0 };
  const { actionheroPrototype } = require("actionhero-9");
  const api = await new Promise((done, failed) =>
    new actionheroPrototype().start({
      configChanges: {
        general: {
          ...(settings.id ? { id: settings.id } : {}),
          ...(settings.token ? { serverToken: settings.token } : {}),
          developmentMode: false,
          startingChatRooms: {},
          paths: { action: [], task: [tasks], public: [], pid: [tasks], log: [tasks], server: [], initializer: [], plugin: [] },
        },
        servers: { web: { enabled: false }, socket: { enabled: false }, websocket: { enabled: false } },
        logger: { transports: [] },
        redis: { ...redis, rpcTimeout: settings.rpcTimeout || 5000 },
        tasks: { scheduler: !!settings.scheduler, queues: settings.queues || [], timeout: 50, redis: { ...redis } },
      },
    }, (error, started) => (error ? failed(error) : done(started))));
  fs.rmSync(tasks, { recursive: true });
  const promised = (object) => new Proxy(object, {
    get: (target, name) => (...args) => new Promise((done, failed) =>
      target[name](...args, (error, result) => (error ? failed(error) : done(result)))),
  });
  const load = (...args) => new Promise((done, failed) =>
    api.cache.load(...args, (error, value, expireTimestamp, createdAt, lastReadAt) =>
      (error ? failed(error) : done({ value, expireTimestamp, createdAt, lastReadAt }))));
  const cache = promised(api.cache);
  const { save, destroy, lock, unlock } = cache;
  // A node of this version ends when it is asked for what it does not have, so that api.java must be there.
  const called = (values) => values.map((value) => (value instanceof Error ? String(value.message) : value));
  api.java = { add: () => {}, absent: () => {} };
  api.covey = {
    echo: (...args) => args.pop()(null, args),
    two: (next) => next("zeta", "alpha"),
    mark: (text, next) => api.redis.client.rpush("ledger", text, () => next(null, true)),
  };
  const hero = {
    doCluster: (method, args, connection) => new Promise((done) =>
      api.redis.doCluster(method, args, connection, (...values) => done(called(values)))),
    connect: async (id) => {
      const connection = new api.connection({ id, type: "covey", remotePort: 1, remoteIP: "127.0.0.1", rawConnection: {}, canChat: true });
      connection.sendMessage = (message) => say({ event: "said", connection: id, message });
    },
    rooms: async (id) => api.connections.connections[id].rooms,
  };
  return {
    hero,
    chat: promised(api.chatRoom),
    queue: promised(api.resque.queue),
    redis: promised(api.redis.client),
    cache: { load, save, destroy, lock, unlock },
    stats: {
      increment: (...args) => api.stats.increment(...args),
      writeIncrements: promised(api.stats).writeIncrements,
      get: promised(api.stats).get,
    },
  };
}

// actionhero 29.3.5 with a recurrent task, as a project of its own.
async function actionhero29() {
  const project = path.join(process.cwd(), `hero-29-${process.pid}`);
  const hero = JSON.stringify(require.resolve("actionhero-29"));
  for (const folder of ["tasks", "config", "pids", "log"]) {
    fs.mkdirSync(path.join(project, folder), { recursive: true });
  }
  fs.writeFileSync(path.join(project, "tasks", "every.js"), `
    const { Task, api } = require(${hero});
    exports.Every = class extends Task {
      constructor() {
        super();
        Object.assign(this, { name: "every", description: "comes again", frequency: ${settings.frequency || 2000}, queue: "default" });
      }
      async run() { await api.redis.clients.client.rpush("ledger", "node " + Date.now()); }
    };`);
  Object.assign(process.env, { REDIS_HOST: "127.0.0.1", REDIS_PORT: String(port), REDIS_DB: "0", NODE_ENV: "development", PROJECT_ROOT: project, ACTIONHERO_TITLE: settings.id || "", ACTIONHERO_CONFIG: path.join(project, "config") });
  const processors = settings.processors === undefined ? [1, 2] : settings.processors;
  const none = { action: [], server: [], cli: [], initializer: [], plugin: [], public: [] };
  const config = {
    general: {
      ...(settings.token ? { serverToken: settings.token } : {}),
      ...(settings.channel ? { channel: settings.channel } : {}),
      rpcTimeout: settings.rpcTimeout || 5000,
      startingChatRooms: {},
      paths: { ...none, task: [path.join(project, "tasks")], pid: [path.join(project, "pids")], log: [path.join(project, "log")] },
    },
    web: { enabled: false },
    websocket: { enabled: false },
    logger: { loggers: [] },
    tasks: {
      scheduler: settings.scheduler !== false,
      queues: ["default"],
      timeout: 100,
      minTaskProcessors: processors[0],
      maxTaskProcessors: processors[1],
    },
  };
  fs.writeFileSync(path.join(project, "config", "covey.js"), `const config = ${JSON.stringify(config)};
    exports.DEFAULT = Object.fromEntries(Object.entries(config).map(([name, values]) => [name, () => values]));`);
  process.chdir(project);
  const { Process, api, task, cache, chatRoom, Connection, redis } = require("actionhero-29");
  await new Process().start();
  api.covey = {
    echo: async (...args) => args,
    who: async () => settings.id,
    nothing: async () => {},
    mark: async (text) => { await api.redis.clients.client.rpush("ledger", text); },
  };
  const cluster = {
    doCluster: (...args) => redis.doCluster(...args),
    apply: (...args) => api.connections.apply(...args),
    connect: async (id) => {
      const connection = new Connection({ id, type: "covey", remotePort: 1, remoteIP: "127.0.0.1", rawConnection: {}, canChat: true });
      connection.sendMessage = async (message) => say({ event: "said", connection: id, message });
    },
    rooms: async (id) => api.connections.connections[id].rooms,
  };
  return { hero: cluster, chat: chatRoom, queue: api.resque.queue, task, cache, redis: api.redis.clients.client };
}

const makes = { "node-resque": nodeResque, "actionhero-9": actionhero9, "actionhero-29": actionhero29 };

makes[make]().then((fleet) => {
  say({ event: "up", pid: process.pid });
  const lines = readline.createInterface({ input: process.stdin });
  lines.on("line", async (line) => {
    const { id, to, do: method, args } = JSON.parse(line);
    try {
      const result = await fleet[to][method](...args);
      say({ id, result: result === undefined ? null : result });
    } catch (error) {
      say({ id, error: String(error && error.message) });
    }
  });
  lines.on("close", () => process.exit(0));
}).catch((error) => {
  say({ event: "failed", error: String(error && error.stack) });
  process.exit(1);
});
