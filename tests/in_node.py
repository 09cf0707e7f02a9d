"""What the explorables' modules compute, asked in Node: the same file that a reader's browser loads."""

import json
import subprocess
from pathlib import Path

from sitebuild.base.node import node

FOLDER = Path(__file__).resolve().parent.parent / "overrides/assets/explorables"
SCRIPT = """
const [address, asked] = JSON.parse(require("fs").readFileSync(0, "utf8"));
const plain = (key, value) => ArrayBuffer.isView(value) ? [...value] : value;
import(address).then((module) => {
  console.log(JSON.stringify(asked.map(([name, ...parameters]) => module[name](...parameters)), plain));
});
"""


def computed(module, calls):
    """What the functions of overrides/assets/explorables/`module` return: each call is (name, parameter, …)."""
    asked = json.dumps([(FOLDER / module).as_uri(), calls])
    done = subprocess.run([node(), "-e", SCRIPT], input=asked, capture_output=True, text=True, check=True)
    return json.loads(done.stdout, parse_int=float)  # JavaScript has one kind of numbers
