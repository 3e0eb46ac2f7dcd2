"""Pages for anybody: the front page and the page about privacy. They set no cookie and run no script."""
