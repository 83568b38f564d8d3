"""Imports every table, so that the metadata is whole: migrations, rights and tests start here."""

from sqlmodel import SQLModel

import storage.agreement
import storage.application
import storage.audit
import storage.certificate
import storage.checkin
import storage.community
import storage.contact
import storage.draft
import storage.event
import storage.feedback
import storage.goal
import storage.inbox
import storage.kudos
import storage.latecomer
import storage.library
import storage.link
import storage.member
import storage.milestone
import storage.nudge
import storage.outbox
import storage.outcome
import storage.pair
import storage.programme
import storage.prompt
import storage.recognition
import storage.report
import storage.request
import storage.response
import storage.rights
import storage.risk
import storage.round
import storage.schedule
import storage.session
import storage.shoutout
import storage.survey
import storage.training
import storage.trial  # noqa: F401 - each import registers its tables

metadata = SQLModel.metadata
