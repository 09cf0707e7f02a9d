"""How our index has Chinese cut. What a search finds: tests/site/test_finding.py."""

from types import SimpleNamespace

import jieba
import pytest
import yaml
from conftest import ROOT
from mkdocs.exceptions import PluginError
from mkdocs.structure.toc import get_toc

from sitebuild.adapter import search_index


def test_words_are_cut_by_the_dictionary_alone_and_remembered(tmp_path):
    cutter = search_index.Cutter(tmp_path)
    assert "门用" in jieba.dt.cut("门用在", HMM=True) and cutter("门用在") == ["门", "用", "在"]
    cutter.keep()
    again = search_index.Cutter(tmp_path)
    again.tokenizer = SimpleNamespace(lcut=lambda *_, **__: ["asked"])
    assert again("门用在") == ["门", "用", "在"] and again("遗忘门") == ["asked"]


def test_the_theme_asks_our_index_to_cut_chinese(monkeypatch):
    asked = []
    settings = (ROOT / "mkdocs.yml").read_text("utf-8").split("search:")[1].split("mkdocs-jupyter")[0]
    index = search_index.Index(lambda text: asked.append(text) or [text], **yaml.safe_load(settings))
    content = "<h1>遗忘门为什么用 sigmoid？</h1><p>门的值</p>"
    page = SimpleNamespace(url="a/", title="门", toc=get_toc([]), meta={"keywords": "权重归一"}, content=content)
    index.add_entry_from_context(page)
    index.generate_search_index(None)
    assert "权重归一" in asked and "门的值" in asked
    monkeypatch.delattr(search_index.SearchIndex, "_segment_chinese")
    with pytest.raises(PluginError, match="the theme cuts Chinese in another way"):
        search_index.take_over({}, None)
