"""What mkdocs.yml and the environment say of the site, and what of it cannot be."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import yaml
import yaml_env_tag

from sitebuild.base import files
from sitebuild.base.problems import Problem, SiteError


class _Loader(yaml.SafeLoader):
    """Reads MkDocs's configuration; what its other tags (!!python/…) stand for does not matter here."""


_Loader.add_multi_constructor("", lambda *_: None)
_Loader.add_constructor("!ENV", yaml_env_tag.construct_env_tag)


def read(root: Path, name: str = "mkdocs.yml") -> dict:
    """The configuration in a file of the project. Raises SiteError if it is no YAML, with the line."""
    try:
        return yaml.load(files.read(root / name, name), _Loader) or {}
    except yaml.YAMLError as error:
        line = getattr(getattr(error, "problem_mark", None), "line", -1) + 1
        raise SiteError(Problem(name, line, f"not YAML: {getattr(error, 'problem', error)}")) from None


def of_plugin(root: Path) -> dict:
    """What mkdocs.yml says of our plugin; its schema is in adapter/plugin."""
    plugins = read(root).get("plugins") or {}
    listed = plugins if isinstance(plugins, dict) else {}
    return listed.get("sitebuild") or {}


def address(said: str) -> str:
    """Where the site lives, with a slash at the end. Raises SiteError for what is no address of a folder."""
    parts = urlsplit(said)
    if parts.scheme not in ("http", "https") or not parts.netloc or "?" in said or "#" in said:
        reason = f"is not the site's address, http(s)://…, without query and fragment: {said!r}"
        raise SiteError(Problem("site_url", 0, reason))
    return said.rstrip("/") + "/"


def checked(theme: str, folders: bool, said: str) -> str:
    """The address of the site, see `address`. `folders`: each page has a folder of its own. Raises SiteError, also for
    a setting of MkDocs with which parts of the site would not work."""
    if theme != "material":
        raise SiteError(Problem("theme", 0, f"the pages are made for material, not for {theme}"))
    if not folders:
        reason = "is false: links of labs, notebooks and decks lead to pages in folders"
        raise SiteError(Problem("use_directory_urls", 0, reason))
    return address(said)
