"""The groups of measurements, in the order of BENCHMARKS.md. Each module has `run(stage)`, which gives a Section, or nothing where
what it measures is printed only."""
ORDER = ["lists", "prices", "memory", "buying", "customers", "events", "imports", "imports_postgres", "growth", "engines"]
