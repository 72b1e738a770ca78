"""Pages for people.

Shared modules (``lookup``, ``terms``, ``evidence_badge``, ``description``, …) read the snapshot; a page module holds
the views of a family of pages and imports no other page; ``iri_pages`` chooses the page of an IRI. The addresses are
in ``web.site.routes``, what templates can call in ``template_helpers``.
"""
