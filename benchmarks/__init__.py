"""Measurements beside peers: `python -m benchmarks [NAME ...]`. Holds no product code."""
