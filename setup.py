"""What pyproject.toml cannot say: profiles/ is also the package `voicelive_tui.starters`, beside every package found in app/."""

from setuptools import find_namespace_packages, setup

setup(packages=[*find_namespace_packages("app", include=["voicelive_tui", "voicelive_tui.*"]), "voicelive_tui.starters"])
