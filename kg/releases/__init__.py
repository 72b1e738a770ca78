"""Releases: frozen snapshots, a folder each, whose files anyone can get again and check.

A folder keeps the manifest, the checksums, metadata for archives, and every file compressed. No code that may change
stands between what is kept and what was released: to unpack is enough. `kg.releases.make` makes a release,
`kg.releases.archive` reads them.
"""
