"""What the search finds: our index and the theme's worker, mended, as a browser runs it; here Node does."""

import itertools
import json
import subprocess
from pathlib import Path
from types import SimpleNamespace

import jieba
import material
import pytest
import yaml
from conftest import ROOT
from mkdocs.exceptions import PluginError
from mkdocs.structure.toc import get_toc

from sitebuild.adapter import search_index
from sitebuild.base.node import node
from sitebuild.finish import search

(WORKER,) = (Path(material.__file__).parent / "templates/assets/javascripts/workers").glob("search.*.min.js")
RUN = """
let hear;
const told = [];
globalThis.self = globalThis;
globalThis.addEventListener = (_, listener) => (hear = listener);
globalThis.postMessage = (message) => told.push(message);
console.warn = (message) => told.push({ warned: String(message) });
const { worker, index, queries } = JSON.parse(require("fs").readFileSync(0, "utf8"));
(0, eval)(worker);
const settle = () => new Promise((resolve) => setTimeout(resolve, 0));
(async () => {
  hear({ data: { type: 0, data: { ...index, options: { suggest: true } } } });
  await settle();
  const answers = [];
  for (const query of queries) {
    told.length = 0;
    hear({ data: { type: 2, data: query } });
    await settle();
    const [first] = told;
    answers.push(first.data ? first.data.items.map((item) => item[0].location) : first.warned);
  }
  console.log(JSON.stringify(answers));
})();
"""
PAGES = {
    "gates/": ("遗忘门为什么用 sigmoid？", "门用 sigmoid，因为门的值在 0 与 1 之间。", ""),
    "norm/": ("批归一化与层归一化", "层归一化只看一个样本。", "LayerNorm, BatchNorm, 权重归一"),
    "clip/": ("Clipping doesn't help", "The gradient's norm is clipped; x^2 ~ 5.", "warmup"),
}


def index_of(cutter, pages):
    """An index as the theme's plugin fills it, page by page."""
    settings = (ROOT / "mkdocs.yml").read_text("utf-8").split("search:")[1].split("mkdocs-jupyter")[0]
    index = search_index.Index(cutter, **yaml.safe_load(settings))
    for url, (title, text, keywords) in pages.items():
        page = SimpleNamespace(
            url=url, title=title, toc=get_toc([]), meta={"keywords": keywords} if keywords else {},
            content=f"<h1>{title}</h1><p>{text}</p>",
        )  # fmt: skip
        index.add_entry_from_context(page)
    return json.loads(index.generate_search_index(None))


def found(queries, index):
    message = json.dumps({"worker": search.mended(WORKER.read_text("utf-8"), "x"), "index": index, "queries": queries})
    done = subprocess.run([node(), "-e", RUN], input=message, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return dict(zip(queries, json.loads(done.stdout), strict=True))


WANTED = {
    "LayerNorm": "norm/", "batchnorm": "norm/", "warmup": "clip/", "权重": "norm/",
    "ＢａｔｃｈＮｏｒｍ": "norm/", "ｓｉｇｍｏｉｄ为什么": "gates/", "doesn’t": "clip/", "the gradient’s": "clip/",
    "clipped^": "clip/", "clipped~": "clip/", "~clipped": "clip/", "norm^T": "clip/", "x^2 clipped ~5": "clip/",
    "sigmoid：门": "gates/", "clipped: x-y:": "clip/", "zz:clipped": "clip/", "+ clipped": "clip/", "遗忘门": "gates/",
}  # fmt: skip


def test_what_people_type_is_found(tmp_path):
    answers = found(list(WANTED), index_of(search_index.Cutter(tmp_path), PAGES))
    assert {query: answer[:1] for query, answer in answers.items()} == {query: [url] for query, url in WANTED.items()}


def test_no_operator_in_a_query_is_an_error(tmp_path):
    queries = map("".join, itertools.product(("", "a ", "门"), "^~:*'\"()", ("", "5", " b")))
    answers = found(list(queries), index_of(search_index.Cutter(tmp_path), PAGES))
    assert [query for query, answer in answers.items() if not isinstance(answer, list)] == []


def test_words_are_cut_by_the_dictionary_alone_and_remembered(tmp_path):
    cutter = search_index.Cutter(tmp_path)
    assert "门用" in jieba.dt.cut("门用在", HMM=True) and cutter("门用在") == ["门", "用", "在"]
    cutter.keep()
    again = search_index.Cutter(tmp_path)
    again.tokenizer = SimpleNamespace(lcut=lambda *_, **__: ["asked"])
    assert again("门用在") == ["门", "用", "在"] and again("遗忘门") == ["asked"]


def test_the_theme_asks_our_index_to_cut_chinese(tmp_path, monkeypatch):
    asked = []
    index_of(lambda text: asked.append(text) or [text], PAGES)
    assert "遗忘门为什么用" in asked and "权重归一" in asked
    monkeypatch.delattr(search_index.SearchIndex, "_segment_chinese")
    with pytest.raises(PluginError, match="the theme cuts Chinese in another way"):
        search_index.take_over({}, None)
