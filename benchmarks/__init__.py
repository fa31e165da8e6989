"""Measuring: speed and memory (`python -m benchmarks`), and the screenshots of the documents."""
