// Persons under management, by the code in the commune's book only: no name, no category, nothing to read over a shoulder.
// A code that the register lacks is entered as new and waits for the keeper of the book (D17).

import { useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import { normalCode } from "../../registers.ts";
import type { Item } from "../../shapes.ts";
import { Icon } from "../../ui/icon.tsx";
import { Button } from "../../ui/parts.tsx";
import { Sheet } from "../../ui/sheet.tsx";
import { codesLike, isLikeIdNumber, nextNumber, prefixOf, wholeCode } from "./book_codes.ts";
import { useFilling } from "./filling.ts";
import { Frame, type Asked } from "./asked.tsx";
import { chosenOf, toggled } from "./typed.ts";
import { idOf } from "./walk.ts";

const SHOWN = 6;

export function Codes(asked: Asked) {
  const filling = useFilling();
  const { path } = asked;
  const [query, ask] = useState("");
  const [adding, add] = useState(false);
  const items = withFresh(filling.engine.choices(path), filling.fresh);
  const prefix = prefixOf(items);
  const chosen = chosenOf(filling.get(path));
  const found = codesLike(items, prefix, query);
  const id = idOf(path);
  return (
    <Frame asked={asked} role="group">
      <p class="banner banner-center slim"><Icon name="eyeoff" /><span class="grow">{t("code.noname")}</span></p>
      {items.length > 0 && (
        <label class="field">
          <Icon name="search" /><span class="sr-only">{t("code.search")}</span>
          {prefix && <span class="field-prefix">{prefix}</span>}
          <input class="code-in" type="search" inputmode="numeric" autocomplete="off" enterkeyhint="search" value={query} aria-controls={`${id}-list`}
            onInput={(event) => ask(event.currentTarget.value)} />
          {query && <button class="icon-btn" type="button" aria-label={t("code.clear")} onClick={() => ask("")}><Icon name="close" /></button>}
        </label>
      )}
      <Found id={`${id}-list`} items={found} prefix={prefix} chosen={chosen} total={items.length} onToggle={(name) => filling.set(path, toggled(filling.get(path), name))} />
      <p class="section-name" role="status">{chosen.length > 0 && t("code.chosen", { n: chosen.length })}</p>
      {chosen.length > 0 && <ChosenCodes path={path} names={chosen} prefix={prefix} />}
      <Button kind="secondary" icon="plus" class="new-code" onClick={() => add(true)}>{t("code.new")}</Button>
      {adding && <NewCode prefix={prefix} items={items} onClose={() => add(false)} onAdded={(name) => { add(false); choose(filling.get(path), name, (value) => filling.set(path, value)); }} />}
    </Frame>
  );
}

function withFresh(items: Item[], fresh: Item[]): Item[] {
  const known = new Set(items.map((item) => item.name));
  return [...items, ...fresh.filter((item) => !known.has(item.name))];
}

function choose(value: string, name: string, set: (value: string) => void): void {
  if (!chosenOf(value).includes(name)) set(toggled(value, name));
}

interface FoundProps { id: string; items: Item[]; prefix: string; chosen: string[]; total: number; onToggle: (name: string) => void }

function Found({ id, items, prefix, chosen, total, onToggle }: FoundProps) {
  const [shown, show] = useState(SHOWN);
  if (total === 0) return <p class="muted">{t("code.noroll")}</p>;
  if (items.length === 0) return <p class="muted" role="status">{t("code.none")}</p>;
  return (
    <ul class="card card-flush rows" id={id} aria-label={t("code.results")}>
      {items.slice(0, shown).map((item) => (
        <li key={item.name}>
          <label class={`item tickable${chosen.includes(item.name) ? " is-on" : ""}`}>
            <input class="tick" type="checkbox" checked={chosen.includes(item.name)} onChange={() => onToggle(item.name)} />
            <span class="box" aria-hidden="true"><Icon name="check" /></span>
            <span class="grow"><Code label={item.label} prefix={prefix} />{item["pending"] && <span class="sub">{t("code.new.pending")}</span>}</span>
          </label>
        </li>
      ))}
      {items.length > shown && <li><button class="item item-more" type="button" onClick={() => show(shown + 4 * SHOWN)}>{t("go.more", { n: items.length - shown })}</button></li>}
    </ul>
  );
}

function Code({ label, prefix }: { label: string; prefix: string }) {
  return <span class="code">{prefix && <span class="field-prefix">{prefix}</span>}<b>{label.slice(prefix.length)}</b></span>;
}

function ChosenCodes({ path, names, prefix }: { path: string; names: string[]; prefix: string }) {
  const filling = useFilling();
  return (
    <div class="chips">
      {names.map((name) => {
        const label = filling.registers.label("members", name);
        const short = label.startsWith(prefix) ? label.slice(prefix.length) : label;
        return (
          <button class="chip chip-removable" type="button" aria-label={t("pick.remove", { what: label })} onClick={() => filling.set(path, toggled(filling.get(path), name))}>
            <span class="code-in">{short}</span><Icon name="close" small />
          </button>
        );
      })}
    </div>
  );
}

interface NewCodeProps { prefix: string; items: Item[]; onClose: () => void; onAdded: (name: string) => void }

function NewCode({ prefix, items, onClose, onAdded }: NewCodeProps) {
  const filling = useFilling();
  const next = nextNumber(items, prefix);
  const [typed, type] = useState(next);
  const [fault, say] = useState("");
  const add = async () => {
    const wrong = faultOfCode(prefix, typed);
    if (wrong) return say(wrong);
    try {
      onAdded((await filling.addCode(wholeCode(prefix, typed))).name);
    } catch {
      say(t("fill.unsaved.sub"));
    }
  };
  return (
    <Sheet title={t("code.new")} onClose={onClose}>
      <form class="stack sheet-body" onSubmit={(event) => { event.preventDefault(); void add(); }}>
        <div class="q">
          <label class="q-label" for="new-code">{t("code.new.number")}</label>
          <span class={`field${fault ? " is-fault" : ""}`}>
            {prefix && <span class="field-prefix">{prefix}</span>}
            <input class="code-in" id="new-code" value={typed} inputmode={prefix ? "numeric" : "text"} autocomplete="off" autofocus aria-describedby="new-code-fault"
              onInput={(event) => { type(event.currentTarget.value); say(""); }} />
            {typed === next && next !== "" && <span class="muted">{t("code.new.next")}</span>}
          </span>
          <p class="q-fault" id="new-code-fault" role="status">{fault && <><Icon name="alert" /><span>{fault}</span></>}</p>
        </div>
        <p class="banner banner-center"><Icon name="book" /><span>{t("code.new.book")}</span></p>
        <div class="actions"><button class="btn btn-primary" type="submit">{t("code.new.add")}</button></div>
      </form>
    </Sheet>
  );
}

function faultOfCode(prefix: string, typed: string): string {
  if (normalCode(typed) === "") return t("code.new.empty");
  return isLikeIdNumber(wholeCode(prefix, typed).slice(prefix.length)) ? t("code.new.long") : "";
}
