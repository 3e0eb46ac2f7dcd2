"""How the fields of plans and the places of mind maps are called, for people: never by the names that programs use."""

from boundaries.messages import Text, catalogue, text

PARTS = {
    "effects": "effect",
    "causes": "cause",
    "roots": "root",
    "solutions": "solution",
    "activities": "activity",
    "indicators": "indicator",
    "assets": "asset",
    "joint": "joint",
}
"""What is counted in a place: `solutions.2` is the second solution."""


def field_words(name: str) -> Text:
    """Return what a field is called; one without words of its own goes by its name."""
    return catalogue().get(f"plan.field.{name}", Text(name, name))


def fields_words(names: tuple[str, ...]) -> Text:
    """Return what fields are called, one after the other."""
    words = [field_words(name) for name in names]
    return Text(", ".join(each.th for each in words), ", ".join(each.en for each in words))


def choices_words(field: str, choices: tuple[str, ...]) -> Text:
    """Return what may be chosen for a field, in words where a choice has them."""
    words = [catalogue().get(f"plan.choice.{field}.{each}", Text(each, each)) for each in choices]
    return Text(", ".join(each.th for each in words), ", ".join(each.en for each in words))


def place_words(place: str) -> Text:
    """Say a place of a mind map ("solutions.2.activities.1.lead") as people do: solution 2, activity 1, lead agency."""
    said: list[Text] = []
    steps = place.split(".")
    while steps:
        name = steps.pop(0)
        if name in PARTS and steps and steps[0].isdecimal():
            said.append(text(f"plan.place.{PARTS[name]}", number=steps.pop(0)))
        else:
            said.append(catalogue().get(f"plan.place.{name}", field_words(name)))
    return Text(" ".join(each.th for each in said), ", ".join(each.en for each in said))
