"""The version of code, ontology and data: one for all."""

VERSION = "0.2.0"
