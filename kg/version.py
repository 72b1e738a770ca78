"""The version of code, ontology and data: one for all."""

VERSION = "1.0.0"
