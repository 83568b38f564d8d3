"""Imports every table, so that the metadata is whole: migrations, rights and tests start here."""

from sqlmodel import SQLModel

import storage.audit
import storage.checkin
import storage.community
import storage.draft
import storage.event
import storage.feedback
import storage.inbox
import storage.kudos
import storage.link
import storage.member
import storage.outbox
import storage.pair
import storage.programme
import storage.rights
import storage.schedule  # noqa: F401 - each import registers its tables

metadata = SQLModel.metadata
