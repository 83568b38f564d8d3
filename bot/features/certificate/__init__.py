"""Certificates: proof of hours that the other side confirmed, signed, and verified without a network."""

from bot.chat.spec import (
    Audience,
    ButtonSpec,
    Command,
    FormSpec,
    MemberParam,
    MembersParam,
    NumberParam,
    ProgrammeParam,
    Slow,
)
from bot.feature import Feature, Personal
from bot.features.certificate import handlers, issuing, views
from bot.i18n import N_
from storage.certificate import Certificate

WHICH = ProgrammeParam(label=N_("Programme"), help=N_("Which programme; not needed when there is only one"))

FEATURE = Feature(
    name="certificate",
    commands=(
        Command(
            path=("certificate", "mine"), help=N_("Your certificates, to get again"), handler=handlers.mine,
            example="/certificate mine", reads=True,
        ),
        Command(
            path=("coord", "certificate", "preview"), help=N_("How a member's certificate would look"),
            handler=Slow(issuing.read_preview, issuing.draw_preview, issuing.preview),
            example="/coord certificate preview @bea", audience=Audience.COORDINATOR,
            params=(MemberParam(name="who", label=N_("Who"), help=N_("Whose")), WHICH),
        ),
        Command(
            path=("coord", "certificate", "issue"), help=N_("Offer certificates to members"), handler=issuing.issue,
            example="/coord certificate issue @bea", audience=Audience.COORDINATOR,
            params=(MembersParam(name="who", label=N_("Who"), help=N_("To whom, five people at most")), WHICH),
        ),
        Command(
            path=("coord", "certificate", "everybody"), help=N_("Offer certificates to all with enough hours"),
            handler=issuing.everybody, example="/coord certificate everybody 5", audience=Audience.COORDINATOR,
            params=(
                NumberParam(name="hours", label=N_("Hours"), help=N_("At least so many confirmed hours"), least=0,
                            most=2000),
                WHICH,
            ),
        ),
        Command(
            path=("coord", "certificate", "revoke"), help=N_("Revoke a member's certificate"), handler=issuing.revoke,
            example="/coord certificate revoke @bea", audience=Audience.COORDINATOR, reads=True,
            params=(MemberParam(name="who", label=N_("Who"), help=N_("Whose")),),
        ),
    ),
    buttons=(
        ButtonSpec(
            name="certificate.get", handler=Slow(handlers.read_get, handlers.draw, handlers.get), row=Certificate
        ),
        ButtonSpec(name="certificate.name", handler=handlers.name, row=Certificate, opens_form=True),
        ButtonSpec(name="certificate.revoke", handler=issuing.ask_revoke, row=Certificate, opens_form=True,
                   audience=Audience.COORDINATOR),
    ),
    forms=(
        FormSpec(name="certificate.name", build=handlers.name_form, handler=handlers.named, row=Certificate,
                 example={"name": "Ana María López"}),
        FormSpec(name="certificate.revoke", build=issuing.revoke_form, handler=issuing.revoked, row=Certificate,
                 example={"reason": "It was made for somebody else by mistake."}, audience=Audience.COORDINATOR),
    ),
    messages={"certificate.ready": views.ready, "certificate.revoked": views.revoked_note},
    refusals={
        "certificate.no_hours": N_("{who} has no confirmed session in this programme, so there is nothing to certify."),
        "certificate.left": N_("{who} has left this community, so it would not reach them."),
        "certificate.held": N_("{who} has a certificate of this programme. Revoke it first to make another one."),
        "certificate.signed": N_("It is signed already, so its name stays. A coordinator can revoke it and offer another."),
        "certificate.revoked": N_("This certificate is not valid any more. A coordinator can tell you why."),
    },
    personal=(
        Personal(table="certificate", members=("member_id",), forget="redact", texts=("name", "credential", "code"),
                 why=N_("Certificates that you were offered or have.")),
    ),
)  # fmt: skip
