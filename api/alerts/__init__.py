"""Alerts: who is told what over which way, and the sender that tells it at least once."""
