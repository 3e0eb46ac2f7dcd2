"""Pages about accounts for people. They work without scripts, on a phone and with a keyboard alone."""
