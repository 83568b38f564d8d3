"""Discord: gateway and REST API on one side, the seam on the other. Knows commands, views and forms, no feature."""
