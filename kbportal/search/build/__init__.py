"""From articles to a published generation: written, embedded, calibrated, made live."""
