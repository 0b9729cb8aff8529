"""Measures the portal against references (`make bench`) and holds it under faults (`make drill`)."""
