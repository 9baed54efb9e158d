// Workers and a scheduler of node-resque that write the same ledger as ours: PORT WORKERS QUEUE
const fs = require("fs");
const { Scheduler, Worker } = require("node-resque");

const [port, workers, queue] = process.argv.slice(2);
const connection = { pkg: "ioredis", host: "127.0.0.1", port: Number(port), namespace: "resque" };
const ledger = fs.openSync(process.env.COVEY_CHAOS_LEDGER, "a");
let runs = 0;

const write = (what, number, run) => fs.writeSync(ledger, `${what} ${number} ${run} ${Date.now()}\n`);

const jobs = {
  patient: {
    perform: async (work) => {
      const run = ++runs;
      write("S", work.number, run);
      await new Promise((resolve) => setTimeout(resolve, work.millis));
      write("D", work.number, run);
    },
  },
};

(async () => {
  for (let i = 0; i < Number(workers); i++) {
    const name = `node:${process.pid}+${i}`;
    const worker = new Worker({ connection, queues: [queue], name, timeout: 100 }, jobs);
    worker.on("error", (error) => console.error(name, error));
    worker.on("failure", (q, job, error) => console.error(name, error));
    await worker.connect();
    worker.start();
  }
  const scheduler = new Scheduler({ connection, timeout: 500 });
  scheduler.on("error", (error) => console.error("scheduler", error));
  await scheduler.connect();
  scheduler.start();
  console.log("ready");
})();
