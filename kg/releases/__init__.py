"""Releases: frozen snapshots, a folder each, whose files anyone can get again and check.

A folder has the manifest, the checksums, metadata for archives, and the dataset compressed; from that the files of all
formats are written again when they are wanted (`kg.releases.archive`). `kg.releases.make` makes a release.
"""
