"""WHAT: records of social problems on areas and points, and every figure that leaves the database."""
