"""The features, in the order in which a member's page shows them."""

from bot.core import CORE
from bot.features.checkin import FEATURE as CHECKIN
from bot.features.community import FEATURE as COMMUNITY
from bot.features.feedback import FEATURE as FEEDBACK
from bot.features.kudos import FEATURE as KUDOS
from bot.features.link import FEATURE as LINK
from bot.features.pair import FEATURE as PAIR
from bot.features.profile import FEATURE as PROFILE
from bot.features.programme import FEATURE as PROGRAMME
from bot.features.response import FEATURE as RESPONSE
from bot.features.risk import FEATURE as RISK

ALL = (CORE, COMMUNITY, LINK, PROGRAMME, PAIR, CHECKIN, KUDOS, FEEDBACK, RESPONSE, RISK, PROFILE)
