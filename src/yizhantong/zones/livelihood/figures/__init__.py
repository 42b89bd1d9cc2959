"""Ledgers and figures of practical work for the people."""

from yizhantong.zones.livelihood.figures import indicators, ledgers

__all__ = ["indicators", "ledgers"]
