"""The line, step by step: an officer records a session, what passes on the wire, the figures that move."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Response, expect

from tests.e2e import officer, reviewer
from tests.e2e.world import DAI_AN_2, DISTRICT, PROVINCE
from tests.phone import Wire

UNITS = (DAI_AN_2, DISTRICT, PROVINCE)
ATTENDANCE = "lượt người"


class Wiretap:
    """What passed between one page and `/sync`: the key told at enrolment, batches and their answers."""

    def __init__(self, page: Page) -> None:
        self.receipt_key = ""
        self.receipts: list[dict[str, Any]] = []
        self.batches: list[tuple[dict[str, str], bytes]] = []
        page.on("response", self._heard)

    def _heard(self, response: Response) -> None:
        if response.url.endswith("/sync/enrol") and response.status == 201:
            self.receipt_key = response.json()["receipt_keys"][0]["spki"]
        if response.url.endswith("/sync/records") and response.status == 200:
            body = response.request.post_data_buffer
            assert body is not None
            # Asking the browser lets others go on meanwhile: who waits for a receipt must find its batch here already.
            self.batches.append((response.request.all_headers(), body))
            self.receipts += [result["receipt"] for result in response.json()["results"]]

    def wait_for_receipts(self, page: Page, count: int) -> None:
        """Until this many receipts came; the page works meanwhile."""
        for _ in range(officer.LONG_MS // 100):
            if len(self.receipts) >= count:
                return
            page.wait_for_timeout(100)
        raise AssertionError(f"{len(self.receipts)} receipts came, not {count}")


def record_a_session(page: Page, photo: Path) -> None:
    """Six answers and two members of the roll; ends on "Đã lưu trên máy"."""
    page.get_by_role("button", name=officer.HOME).click()
    page.get_by_text("Toàn xã").click()
    officer.onward(page)
    page.get_by_text("Họp tổ dân phố").click()
    officer.choose(page, "provisions", "an tich", "ma tuy")
    officer.onward(page)
    officer.type_number(page, 46)
    officer.onward(page)
    for _ in range(2):
        page.get_by_role("button", name="Thêm một").click()
    page.get_by_text("0001").click()
    page.get_by_text("0002").click()
    officer.onward(page)
    officer.add_photo(page, photo)
    officer.onward(page)
    page.get_by_role("button", name="Lưu và gửi").click()
    expect(page.get_by_role("heading", name="Đã lưu trên máy")).to_be_visible()


def t2(page: Page, origin: str) -> list[tuple[int, int]]:
    return [reviewer.figure(page, origin, unit, "T2") for unit in UNITS]


def t1(page: Page, origin: str) -> list[int]:
    return [reviewer.figure(page, origin, unit, "T1")[0] for unit in UNITS]


def wait_sent(page: Page) -> None:
    """Home says that nothing waits and one is sent, without anybody touching the phone."""
    page.wait_for_function(
        "() => { const all = [...document.querySelectorAll('.counter')];"
        "const of = (word) => all.find((it) => it.textContent.includes(word))?.querySelector('b')?.textContent;"
        "return of('Chờ gửi') === '0' && Number(of('Đã gửi')) > 0; }",
        timeout=officer.LONG_MS,
    )


def send_again(wire: Wire, batch: tuple[dict[str, str], bytes]) -> Any:
    """The very bytes of a batch once more, as a proxy might."""
    headers, body = batch
    kept = {
        name: value for name, value in headers.items() if name in ("authorization", "content-type", "content-encoding")
    }
    return wire("POST", "/sync/records", kept, body).json()


def withdraw_the_first(page: Page) -> None:
    page.get_by_role("link", name="Bản ghi").click()
    page.locator("main a, main button").filter(has_text="Họp tổ dân phố").first.click()
    page.get_by_role("button", name="Rút lại", exact=True).click()
    page.get_by_label("Vì sao rút lại?").fill("Ghi nhầm buổi")
    page.get_by_role("button", name="Rút lại bản ghi").click()
