"""Programmes as files: TOML in, a checked `ProgrammeFile` out, with every problem named at once."""
