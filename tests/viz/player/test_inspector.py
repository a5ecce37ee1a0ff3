"""A node that is clicked tells its numbers, its operands and its share of the gradient."""


def card(page):
    return page.locator(".card").inner_text().replace("\n\n", "\n").splitlines()


def test_card_of_a_node_tells_what_is_known_so_far(opened, walked):
    opened.click("#n4")
    assert card(opened) == [
        *("v2 = +", "×", "data ?", "grad —"),
        *("Operands", "v1", "data -6", "b", "data 6.5"),
        *("Its gradient", "none has come yet", "It passed on", "nothing yet"),
    ]
    opened.keyboard.press("End")
    told = card(opened)
    assert told[2:4] == ["data 0.5", "grad 0.726862"]
    assert told[told.index("Its gradient") :] == [
        *("Its gradient", "step 8", walked[7].rule),
        *("It passed on", "step 9", walked[8].rule, "step 10", walked[9].rule),
    ]


def test_gradient_that_came_on_two_ways_is_told_in_two_steps(opened, walked):
    opened.keyboard.press("End")
    opened.click("#n5")
    told = card(opened)
    assert told[told.index("Its gradient") : told.index("It passed on")] == [
        *("Its gradient", "step 6", walked[5].rule, "step 7", walked[6].rule)
    ]


def test_card_leads_to_operands_and_steps(opened):
    opened.keyboard.press("End")
    opened.click("#n5")
    opened.click(".card .item >> text=v2")
    opened.click(".card .item >> text=b")
    assert card(opened)[0] == "b"
    opened.click(".card .item >> text=step 10")
    assert opened.locator(".place").inner_text() == "Step 10 of 12"


def test_ways_of_the_gradient_are_shown_in_the_picture(opened):
    opened.click("#n0")
    assert opened.locator(".path").evaluate_all("x => x.map(e => e.id)") == [
        "e0",
        "e2",
        "e4",
        "e5",
        "e6",
    ]
    opened.click("#n3")
    assert opened.locator(".path").evaluate_all("x => x.map(e => e.id)") == ["e3", "e4", "e5", "e6"]
    opened.keyboard.press("Escape")
    assert opened.locator(".path, .chosen").count() == 0
    assert not opened.locator(".card").is_visible()


def test_card_of_the_node_at_work_opens_by_a_key_and_does_not_cover_it(opened):
    opened.keyboard.press("End")
    for id in ("n0", "n2", "n6"):
        opened.locator(f"#{id}").click()
        node, box = opened.locator(f"#{id}").bounding_box(), opened.locator(".card").bounding_box()
        apart = node["x"] + node["width"] <= box["x"] or box["x"] + box["width"] <= node["x"]
        assert apart
        opened.keyboard.press("Escape")
    opened.keyboard.press("i")
    assert card(opened)[0] == "v1 = *"
    assert opened.evaluate("document.activeElement.className").startswith("card")
    opened.get_by_role("button", name="Close").click()
    assert not opened.locator(".card").is_visible()
