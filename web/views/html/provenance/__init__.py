"""Pages on where statements come from: sources, passages, the evidence of a triple, rulings, the list of sources."""
