"""The seam: what platforms tell the core, and what the core answers, as plain frozen values."""
