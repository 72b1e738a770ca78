"""The Model Context Protocol (https://modelcontextprotocol.io/specification/): questions, search, evidence, proofs and
SPARQL as tools for language models, the vocabulary as resources.

tools      every tool with its arguments and what runs it, and what a model can read
questions  the tools made of the canned queries
lookups    search, description, evidence, explanation, read-only SPARQL
server     the server of the SDK over these
http       one request over streamable HTTP
card       what tells clients that the server is there
"""
