"""Pages on which plans become work: the action plan as a table and a timeline, roll-ups, policies."""
