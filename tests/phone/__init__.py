"""The phone app in a real Chromium over HTTPS."""
