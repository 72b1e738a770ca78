"""The formats we publish in: name, media type, file name, and what each holds."""

from dataclasses import dataclass


@dataclass(frozen=True)
class FileFormat:
    """A format of files to download.

    :param name: the name on the command line and in addresses
    :param title: the name people know
    :param media_type: as registered
    :param extension: of a file, without the dot
    """

    name: str
    title: str
    media_type: str
    extension: str

    @property
    def file_name(self) -> str:
        """The file name of a download."""
        return f"ca-ai-policy.{self.extension}"


@dataclass(frozen=True)
class GraphFormat(FileFormat):
    """A serialisation of RDF.

    :param has_named_graphs: true if it carries named graphs, so holds all of the dataset; else the accepted view only
    """

    has_named_graphs: bool


GRAPH_FORMATS: dict[str, GraphFormat] = {
    form.name: form
    for form in (
        GraphFormat("turtle", "Turtle", "text/turtle", "ttl", False),
        GraphFormat("ntriples", "N-Triples", "application/n-triples", "nt", False),
        GraphFormat("rdfxml", "RDF/XML", "application/rdf+xml", "rdf", False),
        GraphFormat("trig", "TriG", "application/trig", "trig", True),
        GraphFormat("nquads", "N-Quads", "application/n-quads", "nq", True),
        GraphFormat("jsonld", "JSON-LD", "application/ld+json", "jsonld", True),
    )
}


class TableFormat(FileFormat):
    """A file that holds the accepted view and all statements as tables."""


TABLE_FORMATS: dict[str, TableFormat] = {
    form.name: form
    for form in (
        TableFormat("csv-zip", "CSV tables (ZIP)", "application/zip", "csv.zip"),
        TableFormat("sqlite", "SQLite database", "application/vnd.sqlite3", "sqlite"),
        TableFormat("parquet", "Parquet tables (ZIP)", "application/zip", "parquet.zip"),
        TableFormat(
            "xlsx", "Excel workbook", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"
        ),
    )
}
