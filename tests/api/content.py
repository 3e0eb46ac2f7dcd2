"""What the database of the application's tests holds."""

from sqlalchemy.orm import Session

from tests.demo import load_demo_boundaries


def load_content(session: Session) -> None:
    """Load the invented province with cases, a population and assets."""
    load_demo_boundaries(session)
