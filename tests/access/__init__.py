"""Who reaches what over HTTP: every route by every role, and attacks on all of them."""
