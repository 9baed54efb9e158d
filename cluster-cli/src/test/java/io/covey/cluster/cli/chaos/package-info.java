/** Worker processes under faults, judged by what the tasks themselves wrote down. */
@NullMarked
package io.covey.cluster.cli.chaos;

import org.jspecify.annotations.NullMarked;
