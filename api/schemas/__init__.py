"""White lists of what leaves the server: only what stands in a schema is answered."""
