"""The revisions, one linear history, numbered `0001`, `0002` and so on."""
