"""The community that the playground opens with."""
