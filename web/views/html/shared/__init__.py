"""What several pages use: look-ups in the snapshot, names, evidence badges, descriptions, forms, the cache of pages."""
