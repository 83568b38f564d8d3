"""Pictures, drawn as PNG: values in, bytes out. Each is opaque, so that it reads the same in dark and light.

`milestone`, `certificate` and `chart` draw; `missing` says which letters of a text the fonts do not have.
"""

from bot.pictures.certificates import Certificate, certificate
from bot.pictures.charts import chart
from bot.pictures.drawing import missing
from bot.pictures.milestones import milestone

__all__ = ["Certificate", "certificate", "chart", "milestone", "missing"]
