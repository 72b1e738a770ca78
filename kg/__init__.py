"""The Central Asia AI Policy Graph: from curated files to a graph that can be asked, checked and explained."""

__version__ = "0.2.0"
