"""Resources by content negotiation, downloads, discovery documents."""
