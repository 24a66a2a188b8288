"""The starter profiles.

An installed package holds this folder as `voicelive_tui.starters`, so that there is
one copy of each.
"""
