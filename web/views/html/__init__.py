"""Pages for people, by family.

A page module holds the views of one family and imports no other page; ``shared`` holds what several of them use, and
``iri_pages`` chooses the page of an IRI. The addresses are in ``web.site.routes``, what templates can call in
``template_helpers``.
"""
