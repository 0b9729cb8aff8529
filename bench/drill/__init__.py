"""The long fault tests of docs/performance.md: T2, T5, T9, T14."""
