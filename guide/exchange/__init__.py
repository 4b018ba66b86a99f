"""Translations out to translators' files and back."""
