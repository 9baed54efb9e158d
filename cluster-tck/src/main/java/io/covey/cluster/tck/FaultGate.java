package io.covey.cluster.tck;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** The mode of a {@link FaultProxy} and those who wait for another. */
final class FaultGate {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private FaultMode mode = FaultMode.PASS;

    FaultMode mode() {
        lock.lock();
        try {
            return mode;
        } finally {
            lock.unlock();
        }
    }

    void set(FaultMode next) {
        lock.lock();
        try {
            mode = next;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Lets those who wait look again whether they are over. */
    void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Returns the mode as soon as it does not hold, or its bearer is over. */
    FaultMode awaitOpen(BooleanSupplier over) throws InterruptedException {
        lock.lock();
        try {
            while (mode.holds() && !over.getAsBoolean()) {
                changed.await();
            }
            return mode;
        } finally {
            lock.unlock();
        }
    }

    /** Lets time pass, unless the mode changes or its bearer is over. */
    void delay(long nanos, FaultMode during, BooleanSupplier over) throws InterruptedException {
        lock.lock();
        try {
            long left = nanos;
            while (left > 0 && mode == during && !over.getAsBoolean()) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }
}
