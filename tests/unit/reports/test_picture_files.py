"""Where pictures go: formats by ending, names in a folder, whole files or none."""

import pytest

from speechqa.errors import ReportError, UsageError
from speechqa.reports.arousal_picture import PictureTarget, picture_format, save_picture


def test_a_picture_is_named_by_its_ending():
    assert picture_format("a.PNG") == "png"
    assert picture_format("a.svg") == "svg"
    for name in ("a", "a.jpg", "a.png.gz", ".png"):
        with pytest.raises(UsageError, match=r"PNG or SVG"):
            picture_format(name)


def test_pictures_of_several_recordings_go_into_a_folder_under_names_of_their_own(tmp_path):
    target = PictureTarget(tmp_path / "new" / "pictures", several=True)
    names = [
        target.path_of(path).name for path in ("a/x.wav", "b/X.mp3", "x", "../..", "..\\y.wav", "a\n\x1b.wav")
    ]
    assert names == ["x.png", "X-2.png", "x-3.png", "picture.png", "-y.png", "a--.png"]
    assert (tmp_path / "new" / "pictures").is_dir()
    with pytest.raises(UsageError, match="several pictures"):
        PictureTarget(tmp_path / "one.svg", several=True)
    assert PictureTarget(tmp_path / "one.svg", several=False).path_of("x.wav") == tmp_path / "one.svg"


def test_a_picture_that_cannot_be_written_is_an_error_in_words_and_leaves_nothing(tmp_path):
    (tmp_path / "taken").mkdir()
    with pytest.raises(ReportError, match="cannot be written"):
        save_picture(tmp_path / "taken", b"x")
    with pytest.raises(ReportError, match="cannot be written"):
        save_picture(tmp_path / "missing" / "a.png", b"x")
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]
    (tmp_path / "file").write_text("")
    with pytest.raises(ReportError, match="cannot be written"):
        PictureTarget(tmp_path / "file" / "in", several=True)
