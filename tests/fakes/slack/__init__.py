"""A Slack of our own: Web API, Socket Mode and members who act, on a loopback port."""
