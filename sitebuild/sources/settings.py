"""What mkdocs.yml says, for commands that run without MkDocs."""

from __future__ import annotations

from pathlib import Path

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
