"""Build both languages in one process, as a site of two languages would: mkdocs zh.yml en.yml, or sphinx zh en."""

import logging
import sys


def main():
    builder, *what = sys.argv[1:]
    if builder == "mkdocs":
        from mkdocs.commands.build import build
        from mkdocs.config import load_config

        logging.getLogger("mkdocs").addHandler(logging.StreamHandler())
        for config in what:
            loaded = load_config(config)
            loaded.plugins.on_startup(command="build", dirty=False)
            build(loaded)
    else:
        from sphinx.cmd.build import build_main

        for folder in what:
            if build_main(["-q", "-b", "html", folder, f"{folder}/_build"]):
                sys.exit(1)


if __name__ == "__main__":
    main()
