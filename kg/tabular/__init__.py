"""The accepted graph as tables with keys, for whoever works without RDF: CSV, SQLite, Parquet, Excel.

``tables/`` describes the tables; from it come the files, the SQL schema, a Frictionless Data Package, CSVW metadata and
the data dictionary.
"""
