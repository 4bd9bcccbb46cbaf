"""What a test asks the browser about the app's versions on a phone, and what the store holds."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.e2e import officer
from tests.e2e.store import DRAFTS, OUTBOX

VERSION = "() => document.querySelector('meta[name=lantoa-version]')?.content ?? ''"
# One try to bring the next version here: "installed", "redundant" where it failed, "none" where there is no other.
TRY_NEXT = """async () => {
  const registration = await navigator.serviceWorker.getRegistration();
  if (registration.waiting) return 'installed';
  const settled = (worker) => new Promise((tell) => {
    const look = () => { if (worker.state !== 'installing') tell(worker.state); };
    worker.addEventListener('statechange', look);
    look();
  });
  const next = registration.installing ?? await new Promise((tell) => {
    registration.addEventListener('updatefound', () => tell(registration.installing), { once: true });
    registration.update().then((it) => { if (!it.installing && !it.waiting) tell(null); }, () => tell(null));
  });
  return next ? settled(next) : 'none';
}"""
TAKE_OVER = """async () => {
  const registration = await navigator.serviceWorker.getRegistration();
  const waits = async (wanted) => {
    while (Boolean(registration.waiting) !== wanted) await new Promise((go) => setTimeout(go, 50));
  };
  await waits(true);
  registration.waiting.postMessage('take-over');
  await waits(false);
}"""
APP_CACHES = "async () => (await caches.keys()).filter((name) => name.startsWith('lantoa-app-'))"


def version(page: Page) -> str:
    """The version of the page that is open; empty where it is none of ours."""
    found: str = page.evaluate(VERSION)
    return found


def wait_for_version(page: Page, wanted: str) -> None:
    page.wait_for_function(f"(wanted) => ({VERSION})() === wanted", arg=wanted, timeout=officer.LONG_MS)


def app_versions(page: Page) -> set[str]:
    """The versions whose files this phone holds."""
    names: list[str] = page.evaluate(APP_CACHES)
    return {name.removeprefix("lantoa-app-").removesuffix("-parts") for name in names}


def wait_for_versions(page: Page, wanted: set[str]) -> None:
    """Until the phone holds the files of these versions only."""
    for _ in range(officer.LONG_MS // 100):
        if app_versions(page) == wanted:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"{app_versions(page)} are held, not {wanted}")


def store(page: Page) -> tuple[list[Any], list[Any]]:
    """Drafts and sealed records as they lie there."""
    return page.evaluate(DRAFTS), page.evaluate(OUTBOX)


def home(page: Page) -> None:
    expect(page.get_by_role("button", name=officer.HOME)).to_be_visible(timeout=officer.LONG_MS)
