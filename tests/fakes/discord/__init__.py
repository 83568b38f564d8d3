"""A fake Discord: REST and gateway on loopback, which refuses what Discord refuses."""
