"""One address in ``_config.yml``, and notebooks that follow it."""

import pytest

from vtonlib.book.address import configured, main, rewrite
from vtonlib.book.document import read, source
from vtonlib.book.freshness import staleness
from vtonlib.errors import VtonError

from .chapters import repository


@pytest.fixture
def chapter(tmp_path):
    found = repository(tmp_path)
    text = "repository:\n  url: https://github.com/me/my.book/\n  branch: term1\n"
    (tmp_path / "_config.yml").write_text(text)
    return found


def test_addresses_come_from_the_configuration(chapter):
    here = configured(chapter.root)
    assert here.install() == "git+https://github.com/me/my.book@term1"
    assert here.colab("a.ipynb").endswith("/github/me/my.book/blob/term1/notebooks/a.ipynb")


@pytest.mark.parametrize("text", ["", "repository:\n", "repository:\n  url: https://example.org/a/b\n"])
def test_an_unusable_address_is_refused(tmp_path, text):
    (tmp_path / "_config.yml").write_text(text)
    with pytest.raises(VtonError, match=r"repository\.url must be"):
        configured(tmp_path)


def test_rewrite_changes_addresses_and_keeps_the_outputs_fresh(chapter):
    assert rewrite(chapter, configured(chapter.root)) == 2
    assert "/github/me/my.book/blob/term1/notebooks/02_small.ipynb)" in source(chapter.cells[0])
    assert '"vtonlib @ git+https://github.com/me/my.book@term1"' in source(chapter.cells[1])
    assert staleness(chapter) == []
    assert rewrite(chapter, configured(chapter.root)) == 0


def test_rewrite_does_not_make_stale_outputs_fresh(chapter):
    chapter.cells[1]["source"] = source(chapter.cells[1]) + "\nx = 1"
    rewrite(chapter, configured(chapter.root))
    assert any("a code cell has changed" in fault for fault in staleness(chapter))


def test_main_rewrites_the_files(chapter, monkeypatch, capsys):
    monkeypatch.chdir(chapter.root)
    main()
    assert capsys.readouterr().out == "02_small: 2 addresses set\n"
    assert "me/my.book" in source(read(chapter.path).cells[0])
    main()
    assert capsys.readouterr().out == ""
