"""What a person does with a page."""


def press(page, name: str) -> None:
    """And wait for the page that comes, if one does: its scripts have run once it has loaded."""
    page.get_by_role("button", name=name, exact=True).click()
    page.wait_for_load_state()
