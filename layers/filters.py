"""What a figure is asked for: a problem, a period, a target group."""

from dataclasses import dataclass

from layers.periods import Period
from layers.taxonomy import Sensitivity, get_problem, get_target_group, highest


@dataclass(frozen=True)
class Filter:
    """Which cases are meant; None means all problems, or no look at target groups. Unknown codes are refused."""

    problem: str | None
    period: Period
    target_group: str | None = None

    def __post_init__(self) -> None:
        """Refuse codes that the taxonomy does not hold."""
        if self.problem is not None:
            get_problem(self.problem)
        if self.target_group is not None:
            get_target_group(self.target_group)

    @property
    def sensitivity(self) -> Sensitivity:
        """The highest level among what is named; all problems together tell of no single one."""
        levels: list[Sensitivity] = []
        if self.problem is not None:
            levels.append(get_problem(self.problem).sensitivity)
        if self.target_group is not None:
            levels.append(get_target_group(self.target_group).sensitivity)
        return highest(levels)
