"""The public door of the graph: SPARQL protocol, linked data, query API and pages, as one Flask application."""
