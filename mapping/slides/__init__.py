"""Slides: map, mind map, figures and plan of an area as an editable presentation, and briefings from stop to stop."""

from mapping.slides.deck import Slides, build_slides

__all__ = ["Slides", "build_slides"]
