"""Slack: from its wire to the seam and back, through one internal app for each workspace."""
