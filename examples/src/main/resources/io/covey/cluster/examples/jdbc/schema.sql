-- Times are milliseconds since 1970 unless it says otherwise. A namespace is a column: clusters share the tables.

CREATE SEQUENCE IF NOT EXISTS covey_position;

CREATE TABLE IF NOT EXISTS covey_lock (
  namespace VARCHAR(130) NOT NULL,
  name      VARCHAR(200) NOT NULL,
  owner     VARCHAR(300),            -- NULL: released
  fence     BIGINT NOT NULL,         -- of the last owner; grows for ever
  ends      BIGINT NOT NULL,         -- when the lease of the last owner runs out
  changes   BIGINT NOT NULL,         -- counts releases, for those who wait
  PRIMARY KEY (namespace, name)
);

-- Whoever holds the lock on this row is alone with the queue.
CREATE TABLE IF NOT EXISTS covey_queue (
  id         BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  namespace  VARCHAR(130) NOT NULL,
  name       VARCHAR(128) NOT NULL,
  epoch      VARCHAR(36) NOT NULL,   -- random: another one means that the data was lost
  fence      BIGINT NOT NULL,        -- of the last claim
  ticked_at  BIGINT NOT NULL,        -- when the virtual clock was last told the time
  lease_time BIGINT NOT NULL,        -- the virtual clock: milliseconds in which somebody was there
  changes    BIGINT NOT NULL,        -- counts what made tasks ready, for those who watch
  UNIQUE (namespace, name)
);

CREATE TABLE IF NOT EXISTS covey_task (
  queue      BIGINT NOT NULL,
  id         VARCHAR(140) NOT NULL,  -- lane.seq.number of its enqueue
  place      VARCHAR(8) NOT NULL,    -- READY, DELAYED, RETRY, LEASED, LAST (waits for its last try)
  position   BIGINT NOT NULL,        -- the order of the queue; kept over leases, so what comes back is at the head
  due        BIGINT,                 -- of DELAYED and RETRY
  type       VARCHAR(512) NOT NULL,
  args       BLOB NOT NULL,
  owner      VARCHAR(150),           -- of the last claim; NULL when it was settled
  fence      BIGINT,                 -- of the last claim; NULL when it was settled, so that no settlement matches
  lease      BIGINT,                 -- milliseconds, of the last claim
  ends       BIGINT,                 -- when the lease runs out, in lease_time
  deliveries INT NOT NULL,
  attempts   INT NOT NULL,
  PRIMARY KEY (queue, id)
);
CREATE INDEX IF NOT EXISTS covey_task_order ON covey_task (queue, place, position);
CREATE INDEX IF NOT EXISTS covey_task_fence ON covey_task (queue, fence);

-- The last step of each lane and what was answered, for repeats.
CREATE TABLE IF NOT EXISTS covey_lane (
  queue   BIGINT NOT NULL,
  name    VARCHAR(100) NOT NULL,
  seq     BIGINT NOT NULL,
  answer  VARCHAR NOT NULL,          -- enqueue: whether each was accepted; turn: how each settlement was taken
  fence   BIGINT NOT NULL,           -- turn: of what it claimed
  used_at BIGINT NOT NULL,
  PRIMARY KEY (queue, name)
);

-- Ids that callers gave to tasks.
CREATE TABLE IF NOT EXISTS covey_seen (
  queue   BIGINT NOT NULL,
  id      VARCHAR NOT NULL,
  seen_at BIGINT NOT NULL,
  PRIMARY KEY (queue, id)
);
CREATE INDEX IF NOT EXISTS covey_seen_age ON covey_seen (queue, seen_at);

CREATE TABLE IF NOT EXISTS covey_failed (
  id        BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  queue     BIGINT NOT NULL,
  type      VARCHAR(512) NOT NULL,
  args      BLOB NOT NULL,
  exception VARCHAR NOT NULL,
  message   VARCHAR NOT NULL,
  backtrace VARCHAR NOT NULL,        -- line by line
  worker    VARCHAR NOT NULL,
  failed_at BIGINT NOT NULL
);
