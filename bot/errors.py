"""Errors that a member can be told about. They carry a key and parameters; the sentence is looked up and translated."""

from __future__ import annotations

from bot.i18n import N_


class UserError(Exception):
    """What was asked cannot be done, and the member is told why. `params` may hold spans; raising rolls back."""

    def __init__(self, key: str, **params: object) -> None:
        super().__init__(key)
        self.key = key
        self.params = params


REFUSALS = {
    "core.gone": N_("This is no longer open. Nothing was changed."),
    "core.not_yours": N_("This message is for somebody else, so nothing was changed."),
    "core.not_your_pair": N_("This is for the people of another pair, so nothing was changed."),
    "core.pair_over": N_("This pair has come to its end, so there is nothing to change any more."),
    "core.pair_rests": N_("This pair rests at the moment. Nothing is expected of you."),
    "core.frozen": N_(
        "Moderators have paused your part here, so this does not work for now. Your data, feedback and reports do: {me}, {feedback}, {report}."
    ),
    "core.not_allowed": N_(
        "This is for {audience} of this community. If you think you should be one, ask an administrator."
    ),
    "core.cannot_check": N_(
        "I could not check what you may do just now, so I did nothing. Please try again in a minute."
    ),
    "core.slow_down": N_("That was a lot at once. Please wait a moment and try again."),
    "core.enough_today": N_(
        "You have sent several of these today. Please wait until tomorrow; if it is urgent, talk to a coordinator."
    ),
    "core.wait": N_("That did not fit a few times. Please wait {minutes} min before you try again."),
    "core.no_key": N_(
        "I can't keep private words safe just now, so I stored and showed nothing. Whoever runs me can see in the log what to do."
    ),
    "core.already_received": N_("I already have this one. Nothing was done twice."),
    "core.broken": N_(
        "Something went wrong on my side and nothing was changed. Please try again. If it stays, tell a coordinator this reference: {reference}"
    ),
    "core.too_long": N_("This took too long, so I stopped it. Nothing was changed."),
    "core.no_command": N_("I don't know {word}. {help} shows what there is."),
    "core.nearest": N_("I don't know {word}. Did you mean {nearest}?"),
    "core.bad_choice": N_("{value} is not one of the choices for {name}: {options}."),
    "core.bad_date": N_("I can't read {value} as a day. Please write it like 2026-03-05."),
    "core.past_day": N_("That day is over. Please choose a day from tomorrow on."),
    "core.far_day": N_("That is more than a year away. Please choose a nearer day, or leave the programme for now."),
    "core.bad_number": N_("{name} is a whole number from {least} to {most}."),
    "core.too_many_words": N_("I don't know what to do with {extra}."),
    "core.text_too_long": N_("{name} can have {limit} characters at most."),
    "core.no_member": N_("I can't find {value} here. Pick the person from the list, or write @name."),
    "core.several_members": N_("There are several people called {value}. Pick the person from the list."),
    "core.too_many_members": N_("You named {given} people. At most {most} at once, please."),
    "core.a_bot": N_("{value} is a bot, so this would reach nobody."),
    "core.no_programme": N_("There is no programme called {value} here."),
    "core.no_programmes": N_("There is no programme here yet. A coordinator can start one."),
    "core.no_community": N_("I can't tell which community this is about. Please use the command in a channel."),
    "core.missing": N_("{name} is missing. Please write it like this: {usage}"),
}

FIELD_ERRORS = {
    "required": N_("Please fill this in."),
    "too_short": N_("Please write at least {least} characters."),
    "too_long": N_("Please keep it under {limit} characters."),
    "bad_date": N_("Please write the day like 2026-03-05."),
    "too_many": N_("At most {most} people at once, please."),
    "bad_number": N_("Please write a whole number from {least} to {most}."),
    "bad_choice": N_("Please choose one from the list."),
    "no_member": N_("I can't find this person here."),
}
