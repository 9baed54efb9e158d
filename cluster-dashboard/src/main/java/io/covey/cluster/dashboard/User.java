package io.covey.cluster.dashboard;

/**
 * Who may log in.
 *
 * @param name as typed
 * @param role what it may do
 * @param password how it is known
 */
record User(String name, Role role, PasswordHash password) {}
