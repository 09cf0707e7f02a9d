"""Where the elements of an HTML text begin and end."""

from sitebuild.base.html_elements import elements, words

TEXT = 'a < b\n\n<div class="x y" id="一">\n<br><img src="a>b.png"/>é <b>c</b></div><p>open\n<i>&lt;</i></s>'


def test_each_element_says_where_it_is_and_what_it_holds():
    found = {one.name: one for one in elements(TEXT)}
    assert list(found) == ["div", "br", "img", "b", "p", "i"]
    assert found["div"].classes == ["x", "y"] and found["div"].attributes["id"] == "一"
    assert TEXT[found["div"].start : found["div"].end] == TEXT[TEXT.index("<div") : TEXT.index("<p>")]
    assert TEXT[slice(*found["div"].inner)].endswith("<b>c</b>")
    assert TEXT[found["img"].start : found["img"].end] == '<img src="a>b.png"/>'
    assert TEXT[slice(*found["b"].inner)] == "c" and TEXT[slice(*found["i"].inner)] == "&lt;"
    assert TEXT[found["p"].start : found["p"].end] == "<p>", "it is never closed"


def test_tags_in_a_script_or_a_comment_are_none():
    assert [one.name for one in elements("<script>'<b>'</script><!-- <i> --><u></u>")] == ["script", "u"]


def test_words_are_what_stands_between_tags():
    assert words("<p>a &amp; <b>b</b><!-- c --> 1 < 2</p>") == "a & b 1 < 2"
