"""The site's bill of materials, CycloneDX as JSON: what reaches a reader and what the site was built with."""

from __future__ import annotations

import tomllib
from pathlib import Path

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentScope, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from licences import Part, Stock
from packageurl import PackageURL
from packaging.utils import canonicalize_name

LICENCE = "MIT AND CC-BY-4.0"
PURLS = ("pypi", "npm")
TYPES = {"pypi": ComponentType.LIBRARY, "npm": ComponentType.LIBRARY, "data": ComponentType.DATA}


def bill(stock: Stock, root: Path) -> str:
    """JSON. The same stock gives the same text: it holds no time and no random number.

    What reaches a reader is "required", with what is bundled in it below it; the rest is "excluded": it stays behind.
    """
    about = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    bom = Bom()
    # neither would be the same the next time; CycloneDX asks for neither
    bom.serial_number = bom.metadata.timestamp = None
    name, licences = about["name"], _licences(LICENCE)
    bom.metadata.component = Component(
        name=name, version=about["version"], type=ComponentType.APPLICATION, bom_ref=name, licenses=licences
    )
    shipped = {canonicalize_name(part.name): part for part in stock.shipped}
    components = {
        key: _component(part, ComponentScope.REQUIRED if key in shipped else ComponentScope.EXCLUDED)
        for key, part in {**shipped, **stock.built_with}.items()
    }
    bom.components.update(components.values())
    direct = {*stock.asked_for, *shipped}
    bom.register_dependency(bom.metadata.component, [components[one] for one in sorted(direct)])
    for key, part in stock.built_with.items():
        bom.register_dependency(components[key], [components[one] for one in part.needs if one in components])
    return JsonV1Dot6(bom).output_as_string(indent=1) + "\n"


def _component(part: Part, scope: ComponentScope, inside: str = "") -> Component:
    """`inside`: the name of the part that this one came with, which may be installed by itself, too."""
    purl = PackageURL(part.source, name=part.name, version=part.version or None) if part.source in PURLS else None
    return Component(
        name=part.name,
        version=part.version or None,
        type=TYPES.get(part.source, ComponentType.FILE),
        bom_ref=f"{inside} {purl or part.name}".strip(),
        purl=purl,
        scope=scope,
        licenses=_licences(part.licence),
        components=[_component(one, scope, part.name) for one in part.parts],
    )


def _licences(said: str) -> list:
    return [LicenseFactory().make_from_string(said)]
