"""The features, in the order in which a member's page shows them."""

from bot.core import CORE
from bot.features.checkin import FEATURE as CHECKIN
from bot.features.community import FEATURE as COMMUNITY
from bot.features.event import FEATURE as EVENT
from bot.features.feedback import FEATURE as FEEDBACK
from bot.features.kudos import FEATURE as KUDOS
from bot.features.link import FEATURE as LINK
from bot.features.pair import FEATURE as PAIR
from bot.features.programme import FEATURE as PROGRAMME

ALL = (CORE, COMMUNITY, LINK, PROGRAMME, PAIR, CHECKIN, EVENT, KUDOS, FEEDBACK)
