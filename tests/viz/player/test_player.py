"""The page of a player in a browser."""


def test_page_plays_to_the_end_and_back(page, played, tmp_path):
    file = tmp_path / "steps.html"
    file.write_text(played, "utf-8")
    page.goto(file.as_uri())
    texts = page.locator(".picture").inner_text
    assert "data ?" in texts()
    page.keyboard.press("End")
    assert "grad -2.359" in texts()
    assert "data ?" not in texts()
    page.keyboard.press("Home")
    assert "data -6" in texts()
    assert "data 0.5" not in texts()
