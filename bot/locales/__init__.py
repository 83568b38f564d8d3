"""Translations, as gettext catalogues."""
