package io.covey.cluster.spi;

import java.util.List;
import java.util.Optional;

/**
 * One page of a listing.
 *
 * @param <T> what is listed
 * @param items some items
 * @param next the cursor of the page after; empty if this was the last
 */
public record Page<T>(List<T> items, Optional<String> next) {}
