"""The city as a folder of data: ``cities/<folder>`` of the package, or any folder named by ``YZT_CITY``.

Files of a city: ``city.toml`` (code, names, zones), ``divisions.csv``, ``codes.csv``, ``units.csv``, ``counties.geojson``,
``agencies.csv`` and ``sample.toml`` (what the sample city's figures shall be).
"""

from __future__ import annotations

import csv
import io
import tomllib
from functools import lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from django.conf import settings


class CityFolderError(Exception):
    """A file of the city's folder is missing or malformed; the message says which and what to do."""

    code = "divisions.city_folder"


def folder() -> Traversable:
    """Return the folder of the city served here."""
    name = settings.YZT_CITY
    if "/" in name:
        return Path(name)
    return resources.files("yizhantong").joinpath("cities", name)


def table(name: str) -> list[dict[str, str]]:
    """Return the rows of a CSV file of the city's folder; a missing file is an error that names it."""
    path = folder().joinpath(name)
    if not path.is_file():
        raise CityFolderError(f"城市数据缺少文件 {name},请检查目录 {settings.YZT_CITY}")
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))


@lru_cache(maxsize=8)
def settings_of(name: str = "city.toml") -> dict[str, Any]:
    """Return a TOML file of the city's folder."""
    path = folder().joinpath(name)
    if not path.is_file():
        raise CityFolderError(f"城市数据缺少文件 {name},请检查目录 {settings.YZT_CITY}")
    return tomllib.loads(path.read_text(encoding="utf-8"))
