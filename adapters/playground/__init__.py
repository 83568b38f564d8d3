"""The playground: a town in memory as a platform, and a local web page to act in it as several members."""
