"""Who somebody is, and what an account may do: accounts, sessions, second factor, links, device tokens."""
