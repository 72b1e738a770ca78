"""Answers to canned and ad-hoc queries, result formats and the cache below all views."""
