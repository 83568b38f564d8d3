"""A certificate on the wire: the picture and the file come to its member, and verify."""

import json

from bot import credentials
from tests.fakes.rows import all_met
from tests.fakes.slack.world import SlackWorld


async def test_a_certificate_reaches_its_member_whole(members: SlackWorld) -> None:
    """Offered in a DM, signed with one press; what Slack holds is the document that was signed."""
    await members.kith.app.write(all_met)
    (answer,) = await members.says("vera", "coord certificate issue @ana")
    assert "Offered to one person" in answer.text
    (offer,) = [one for one in await members.passes(minutes=5) if one.to == "UANA" and "Another name" in one.labels()]
    (first, *_) = offer.labels()
    await members.presses("ana", offer, first)
    ((channel, name, data),) = members.team.shared
    assert ("DUANA", "certificate.json") == (channel, name)
    document = json.loads(data)
    assert credentials.public_of(members.kith.database.keys.signing()) == credentials.verified(document)
    assert 60 == credentials.award_of(document).minutes
