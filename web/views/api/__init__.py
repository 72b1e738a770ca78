"""Canned queries over HTTP, the OpenAPI document and operations."""
