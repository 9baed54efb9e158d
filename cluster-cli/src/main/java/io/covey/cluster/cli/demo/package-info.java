/** {@code cluster demo}: three processes count the words of a folder, one is killed, and nothing is lost. */
@NullMarked
package io.covey.cluster.cli.demo;

import org.jspecify.annotations.NullMarked;
