"""Plans on the web: the list of plans, and the page on which a plan's tree is read and worked on by several at once."""
