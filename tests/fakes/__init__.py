"""Stand-ins for the world outside: platforms that record what they accept and fail when they are told to."""
