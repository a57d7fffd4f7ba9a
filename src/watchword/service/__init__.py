"""The service that a check is of, however it was named: by a target of the settings, a URL, or a twin started here.

For everybody who lets users choose one: the commands, and the pytest plugin. Checks nothing.
"""

from watchword.service.choice import Choice, chosen
from watchword.service.twin import twin, twin_probe

__all__ = ["Choice", "chosen", "twin", "twin_probe"]
