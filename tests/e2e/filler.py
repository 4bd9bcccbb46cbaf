"""What a person does in a form of any kind, in the words on its screens."""

from playwright.sync_api import Locator, Page, expect

from tests.e2e import officer


def begin(page: Page, title: str) -> None:
    """A new record of this form, from home."""
    page.get_by_role("button", name="Ghi việc khác").click()
    page.get_by_role("dialog").get_by_role("button", name=title).click()
    expect(page.locator("main.body-form")).to_be_visible()


def heading(page: Page) -> Locator:
    return page.locator("h2[data-heading]")


def at(page: Page, title: str) -> None:
    """The page of this title is on the screen, and the focus is at its head."""
    expect(heading(page)).to_contain_text(title)


def field(page: Page, label: str) -> Locator:
    """The field of the question with this label, on the page that is open."""
    return page.locator("main.body-form").get_by_label(label)


def saved(page: Page) -> None:
    """The draft says that it is kept, and nothing is being kept any more."""
    expect(page.locator(".appbar [role=status]")).to_contain_text("Đã lưu nháp")
    page.wait_for_timeout(300)
    expect(page.locator(".appbar [role=status]")).to_contain_text("Đã lưu nháp")


def parts(page: Page) -> dict[str, str]:
    """The jump list: part → what it says of itself; closed again."""
    page.get_by_role("button", name="Các phần của biểu mẫu").click()
    rows = page.get_by_role("dialog").locator("ul.rows button")
    expect(rows.first).to_be_visible()
    found = {
        row.locator("b").inner_text(): (row.locator(".sub").inner_text() if row.locator(".sub").count() else "")
        for row in rows.all()
    }
    page.keyboard.press("Escape")
    return found


def swipe(page: Page, by: int, on: str = "main.body-form") -> None:
    """A finger across the middle of the page: to the left when `by` is negative."""
    page.locator(on).first.evaluate(
        """(it, by) => {
          const box = it.getBoundingClientRect();
          const [x, y] = [box.x + box.width / 2 - by / 2, box.y + box.height / 2];
          const touch = (name, x) => it.dispatchEvent(new PointerEvent(name, {
            bubbles: true, isPrimary: true, pointerId: 7, pointerType: "touch", clientX: x, clientY: y,
          }));
          touch("pointerdown", x);
          touch("pointermove", x + by / 2);
          touch("pointerup", x + by);
        }""",
        by,
    )


def language(page: Page, name: str) -> None:
    """Switches the form to another of its own languages."""
    page.get_by_role("button", name="Các phần của biểu mẫu").click()
    page.get_by_role("dialog").get_by_text(name, exact=True).click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()


def finish_anyway(page: Page) -> None:
    officer.jump(page, "Kiểm tra")
    anyway = page.get_by_role("button", name="Vẫn lưu và gửi")
    if anyway.count():
        anyway.click()
    else:
        page.get_by_role("button", name="Lưu và gửi").click()
    expect(
        page.get_by_role("heading", name="Đã lưu trên máy").or_(page.get_by_role("heading", name="Đã gửi"))
    ).to_be_visible()
