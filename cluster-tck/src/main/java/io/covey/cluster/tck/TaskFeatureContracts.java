package io.covey.cluster.tck;

import org.junit.jupiter.api.Nested;

/**
 * What the optional parts of a {@link io.covey.cluster.spi.TaskBroker} promise, all of them: for a transport that has
 * them all. One that has some extends the contracts of those.
 */
public abstract class TaskFeatureContracts {

    /**
     * Makes a harness; called before each test.
     *
     * @return a harness with a namespace of its own, closed after the test
     * @throws Exception fails the test
     */
    protected abstract TransportHarness harness() throws Exception;

    /**
     * Whether the backend can add to any two queues in one step.
     *
     * @return false if it refuses that
     */
    protected boolean addsToSeveralQueuesAtOnce() {
        return true;
    }

    @Nested
    final class Kinds extends QueueKindContract {
        @Override
        protected TransportHarness harness() throws Exception {
            return TaskFeatureContracts.this.harness();
        }
    }

    @Nested
    final class Settings extends QueueSettingsContract {
        @Override
        protected TransportHarness harness() throws Exception {
            return TaskFeatureContracts.this.harness();
        }
    }

    @Nested
    final class Limits extends QueueLimitContract {
        @Override
        protected TransportHarness harness() throws Exception {
            return TaskFeatureContracts.this.harness();
        }
    }

    @Nested
    final class Keys extends KeyContract {
        @Override
        protected TransportHarness harness() throws Exception {
            return TaskFeatureContracts.this.harness();
        }
    }

    @Nested
    final class Dedupe extends DedupeContract {
        @Override
        protected TransportHarness harness() throws Exception {
            return TaskFeatureContracts.this.harness();
        }
    }

    @Nested
    final class Cancel extends CancelContract {
        @Override
        protected TransportHarness harness() throws Exception {
            return TaskFeatureContracts.this.harness();
        }
    }

    @Nested
    final class Removal extends RemovalContract {
        @Override
        protected TransportHarness harness() throws Exception {
            return TaskFeatureContracts.this.harness();
        }
    }

    @Nested
    final class Inspection extends InspectionContract {
        @Override
        protected TransportHarness harness() throws Exception {
            return TaskFeatureContracts.this.harness();
        }
    }

    @Nested
    final class Together extends EnqueueAllContract {
        @Override
        protected TransportHarness harness() throws Exception {
            return TaskFeatureContracts.this.harness();
        }

        @Override
        protected boolean addsToSeveralQueuesAtOnce() {
            return TaskFeatureContracts.this.addsToSeveralQueuesAtOnce();
        }
    }

    @Nested
    final class Notes extends TaskNotesContract {
        @Override
        protected TransportHarness harness() throws Exception {
            return TaskFeatureContracts.this.harness();
        }
    }

    @Nested
    final class Schedules extends ScheduleStoreContract {
        @Override
        protected TransportHarness harness() throws Exception {
            return TaskFeatureContracts.this.harness();
        }
    }

    @Nested
    final class Workers extends WorkerRegistryContract {
        @Override
        protected TransportHarness harness() throws Exception {
            return TaskFeatureContracts.this.harness();
        }
    }

    @Nested
    final class Failed extends FailedTaskContract {
        @Override
        protected TransportHarness harness() throws Exception {
            return TaskFeatureContracts.this.harness();
        }
    }

    @Nested
    final class FailedMany extends FailedManyContract {
        @Override
        protected TransportHarness harness() throws Exception {
            return TaskFeatureContracts.this.harness();
        }
    }

    @Nested
    final class RunLocks extends RunLockContract {
        @Override
        protected TransportHarness harness() throws Exception {
            return TaskFeatureContracts.this.harness();
        }
    }

    @Nested
    final class RandomSteps extends RandomStepsContract {
        @Override
        protected TransportHarness harness() throws Exception {
            return TaskFeatureContracts.this.harness();
        }
    }
}
