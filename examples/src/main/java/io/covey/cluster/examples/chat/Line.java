package io.covey.cluster.examples.chat;

/**
 * What somebody says.
 *
 * @param name what he calls himself
 * @param text what
 */
record Line(String name, String text) {}
