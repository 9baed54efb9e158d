// Task queues from npm as contestants of Match: node corner.js bullmq|node-resque PORT. What Corner is for those in Java: plays
// what it reads from its standard input, and answers each line with one.
"use strict";
const fs = require("fs");
const readline = require("readline");

const QUEUE = "match";
const TYPE = "Play";
const BULK = 200;
const PRODUCERS = 8;
const CONCURRENCY = 10;
const PACE_MILLIS = 10;
const PAYLOAD = "x".repeat(100);

const answer = (line) => fs.writeSync(1, `# ${line}\n`);
const nanos = () => process.hrtime.bigint();
const cpuMicros = () => {
  const { user, system } = process.cpuUsage();
  return user + system;
};

/** Done tasks are not kept: keeping them costs more. */
class BullMq {
  constructor(port) {
    const { Queue, Worker } = require("bullmq");
    this.connection = { host: "127.0.0.1", port };
    this.options = { removeOnComplete: true };
    this.queue = new Queue(QUEUE, { connection: this.connection });
    this.Worker = Worker;
  }

  open() {
    return this.queue.waitUntilReady();
  }

  enqueue(payload) {
    return this.queue.add(TYPE, payload, this.options);
  }

  enqueueAll(payloads) {
    return this.queue.addBulk(payloads.map((data) => ({ name: TYPE, data, opts: this.options })));
  }

  async work(handler) {
    this.worker = new this.Worker(QUEUE, async (job) => handler(job.data), { connection: this.connection, concurrency: CONCURRENCY });
    await this.worker.waitUntilReady();
  }

  rest() {
    return this.worker.close();
  }

  close() {
    return this.queue.close();
  }
}

/** As many workers as tasks may run at once: each runs one at a time. There is no call that adds many. */
class NodeResque {
  constructor(port) {
    const { Queue, Worker } = require("node-resque");
    this.connection = { pkg: "ioredis", host: "127.0.0.1", port, database: 0, namespace: "resque" };
    this.jobs = { [TYPE]: { perform: async (payload) => this.handler(payload) } };
    this.queue = new Queue({ connection: this.connection }, this.jobs);
    this.Worker = Worker;
  }

  open() {
    return this.queue.connect();
  }

  enqueue(payload) {
    return this.queue.enqueue(QUEUE, TYPE, [payload]);
  }

  enqueueAll(payloads) {
    return Promise.all(payloads.map((payload) => this.enqueue(payload)));
  }

  async work(handler) {
    this.handler = handler;
    this.workers = [];
    for (let i = 1; i <= CONCURRENCY; i++) {
      const worker = new this.Worker({ connection: this.connection, queues: [QUEUE], name: `match:${process.pid}+${i}` }, this.jobs);
      await worker.connect();
      this.workers.push(worker);
    }
    this.workers.forEach((worker) => worker.start());
  }

  rest() {
    return Promise.all(this.workers.map((worker) => worker.end()));
  }

  close() {
    return this.queue.end();
  }
}

function gate(count) {
  const left = { count };
  left.open = new Promise((resolve) => {
    left.down = () => {
      if (--left.count === 0) {
        resolve();
      }
    };
  });
  return left;
}

async function add(contestant, count) {
  for (let i = 0; i < count; i++) {
    await contestant.enqueue(PAYLOAD);
  }
}

async function bulk(contestant, count) {
  const payloads = Array(BULK).fill(PAYLOAD);
  for (let i = 0; i < count; i += BULK) {
    await contestant.enqueueAll(payloads);
  }
}

/** Until the last task has run; a worker of node-resque sleeps for up to five seconds before it stops. */
async function drain(contestant, count) {
  const left = gate(count);
  await contestant.work(() => left.down());
  await left.open;
  const done = nanos();
  await contestant.rest();
  return done;
}

/** From the moment in the payload to the start of the task. */
async function latency(contestant, count, own) {
  const took = [];
  const left = gate(count);
  const warm = gate(1);
  await contestant.work((payload) => {
    const now = nanos();
    if (payload === "warm") {
      warm.down();
    } else {
      took.push(Number(now - BigInt(payload)));
      left.down();
    }
  });
  await contestant.enqueue("warm");
  await warm.open;
  if (own) {
    const begun = Date.now();
    for (let i = 0; i < count; i++) {
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, begun + i * PACE_MILLIS - Date.now())));
      await contestant.enqueue(String(nanos()));
    }
  } else {
    answer("listening");
  }
  await left.open;
  await contestant.rest();
  took.sort((a, b) => a - b);
  return `${took[Math.floor(count / 2)]} ${took[Math.floor((count * 99) / 100)]}`;
}

function play(contestant, what, count) {
  switch (what) {
    case "one":
      return add(contestant, count);
    case "eight":
      return Promise.all(Array.from({ length: PRODUCERS }, () => add(contestant, count / PRODUCERS)));
    case "bulk":
      return bulk(contestant, count);
    case "drain":
      return drain(contestant, count);
    case "latency":
      return latency(contestant, count, true);
    case "listen":
      return latency(contestant, count, false);
    default:
      throw new Error(`What is ${what}?`);
  }
}

async function main() {
  const contestant = new { bullmq: BullMq, "node-resque": NodeResque }[process.argv[2]](Number(process.argv[3]));
  await contestant.open();
  answer("ready");
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const [what, count] = line.split(" ");
    const cpu = cpuMicros();
    const begun = nanos();
    const measured = await play(contestant, what, Number(count));
    const done = typeof measured === "bigint" ? measured : nanos();
    answer(`done ${done - begun} ${cpuMicros() - cpu} ${typeof measured === "string" ? measured : ""}`.trim());
  }
  await contestant.close();
}

main().then(
  () => process.exit(0),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
