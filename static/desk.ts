// The desk's keys: J and K move, Enter opens, A accepts, R returns, X rejects. Every key is also a visible button or link;
// without this file the desk does all the same.

const typing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.matches("input:not([type=checkbox]), textarea, select, [contenteditable]");

const rows = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>("[data-row]")];

function move(step: number): boolean {
  const all = rows();
  if (all.length === 0) return false;
  const now = all.findIndex((row) => row.classList.contains("is-current"));
  const next = Math.min(Math.max(now + step, 0), all.length - 1);
  all.forEach((row, n) => row.classList.toggle("is-current", n === next));
  all[next]?.querySelector("a")?.focus();
  return true;
}

/** Presses the button or link that bears the key; a decision that needs a reason waits in its field. */
function press(key: string): void {
  const found = document.querySelector<HTMLElement>(`[data-key="${key}"]`);
  const reason = document.querySelector<HTMLInputElement>("#f-reason");
  if (found === null) return;
  if (reason !== null && (key === "r" || key === "x") && reason.value.trim() === "") reason.focus();
  else found.click();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const key = event.key.toLowerCase();
  if (key === "j" && move(1)) return;
  if (key === "k" && move(-1)) return;
  if (["j", "k", "a", "r", "x"].includes(key)) press(key);
});

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll<HTMLDetailsElement>("details.menu[open]")) {
    if (event.target instanceof Node && !menu.contains(event.target)) menu.open = false;
  }
});
