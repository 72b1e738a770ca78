"""What programs ask: SPARQL, the query API, linked data, downloads and what describes them."""
