"""The features, in the order in which a member's page shows them."""

from bot.core import CORE
from bot.features.agreement import FEATURE as AGREEMENT
from bot.features.application import FEATURE as APPLICATION
from bot.features.ask import FEATURE as ASK
from bot.features.certificate import FEATURE as CERTIFICATE
from bot.features.checkin import FEATURE as CHECKIN
from bot.features.cohort import FEATURE as COHORT
from bot.features.community import FEATURE as COMMUNITY
from bot.features.contact import FEATURE as CONTACT
from bot.features.event import FEATURE as EVENT
from bot.features.feedback import FEATURE as FEEDBACK
from bot.features.goal import FEATURE as GOAL
from bot.features.insight import FEATURE as INSIGHT
from bot.features.kudos import FEATURE as KUDOS
from bot.features.latecomer import FEATURE as LATECOMER
from bot.features.link import FEATURE as LINK
from bot.features.milestone import FEATURE as MILESTONE
from bot.features.pair import FEATURE as PAIR
from bot.features.profile import FEATURE as PROFILE
from bot.features.programme import FEATURE as PROGRAMME
from bot.features.prompt import FEATURE as PROMPT
from bot.features.report import FEATURE as REPORT
from bot.features.response import FEATURE as RESPONSE
from bot.features.rights import FEATURE as RIGHTS
from bot.features.risk import FEATURE as RISK
from bot.features.round import FEATURE as ROUND
from bot.features.session import FEATURE as SESSION
from bot.features.shoutout import FEATURE as SHOUTOUT
from bot.features.survey import FEATURE as SURVEY
from bot.features.team import FEATURE as TEAM
from bot.features.training import FEATURE as TRAINING
from bot.features.trial import FEATURE as TRIAL

ALL = (
    CORE, COMMUNITY, LINK, PROFILE, PROGRAMME, APPLICATION, TRAINING, COHORT, TEAM, ROUND, PAIR, LATECOMER, TRIAL,
    AGREEMENT, CONTACT, RESPONSE, CHECKIN, PROMPT, SESSION, GOAL, EVENT, ASK, KUDOS, SHOUTOUT, MILESTONE, CERTIFICATE,
    FEEDBACK, SURVEY, REPORT, RISK, INSIGHT, RIGHTS,
)  # fmt: skip
