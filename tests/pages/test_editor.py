"""The editor's script: all of it in one file, and no package in it that is not listed with its licence."""

import json
import re
import subprocess

import licences
from conftest import ROOT

from sitebuild.base.node import node
from sitebuild.pages import editor

MODULES = ROOT / "node_modules"


def test_it_is_one_script_made_once(tmp_path, monkeypatch):
    made = editor.bundled(MODULES, tmp_path)
    assert b"export{" in made and not re.search(rb'import[{*"]|from"', made)
    monkeypatch.setattr(editor.node, "answer", None)
    assert editor.bundled(MODULES, tmp_path) == made


def test_each_package_in_it_is_listed_as_shipped():
    script = (
        "const { build } = require('esbuild'); const [, source] = process.argv;"
        "build({ entryPoints: [source], nodePaths: ['node_modules'], bundle: true, minify: true, write: false,"
        "  metafile: true, format: 'esm', outfile: 'x.js' }).then(({ metafile }) => {"
        "  const parts = Object.entries(metafile.outputs['x.js'].inputs).filter(([, { bytesInOutput }]) => bytesInOutput);"
        "  console.log(JSON.stringify(parts.map(([name]) => name))) })"
    )
    source = str(editor.HERE / "codemirror.js")
    done = subprocess.run([node(), "-e", script, source], cwd=ROOT, capture_output=True, text=True, check=True)
    found = {re.search(r"node_modules/((?:@[^/]+/)?[^/]+)", name) for name in json.loads(done.stdout)} - {None}
    assert {one[1] for one in found} == set(licences.EDITOR)
