"""What a client sees: HTML pages, SPARQL, linked data, the query API; none imports another."""
