"""Makes the sentences of `steps/` known to the scenarios, wherever pytest is started from."""

from steps.common import *  # noqa: F403
from steps.mes_agenda import *  # noqa: F403
from steps.mes_measures import *  # noqa: F403
from steps.mes_pairing import *  # noqa: F403
from steps.portal import *  # noqa: F403
