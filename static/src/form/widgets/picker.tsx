// The page of a long list: search without marks, the hit underlined, laws as group heads, a count before going back.

import { useMemo, useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import { search } from "../../registers.ts";
import type { Item } from "../../shapes.ts";
import { hits } from "../../text.ts";
import { AppBar, IconButton, Screen } from "../../ui/frame.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Banner, Button } from "../../ui/parts.tsx";
import { useFilling } from "./filling.ts";
import { faultOf, type Asked } from "./asked.tsx";
import { chosenOf, toggled } from "./typed.ts";

const SHOWN = 40;
/** Columns of a register that make good heads, when its items have them. */
const HEADS = ["law", "parent_label", "kind_label"];

export function PickerPage({ asked, onClose }: { asked: Asked; onClose: () => void }) {
  const filling = useFilling();
  const { question, path } = asked;
  const [query, ask] = useState("");
  const [shown, show] = useState(SHOWN);
  const items = filling.engine.choices(path);
  const found = useMemo(() => (query.trim() ? search(items, query) : items), [items, query]);
  const many = question.type === "select_multiple";
  const value = filling.get(path);
  const chosen = many ? chosenOf(value) : [value];
  const title = filling.engine.label(path);
  const fault = value !== "" && filling.engine.findings(path)[0] ? faultOf(filling, { ...asked, missing: true }) : "";
  const take = (name: string) => {
    filling.set(path, many ? toggled(filling.get(path), name) : name);
    if (!many) onClose();
  };
  return (
    <Screen name={`pick ${path}`} title={title}>
      <AppBar title={title} before={<IconButton icon="back" label={t("go.back")} onClick={onClose} />}><p>{t("pick.all", { n: items.length })}</p></AppBar>
      <div class="picker-head" role="search">
        <label class="field">
          <Icon name="search" /><span class="sr-only">{t("pick.search")}</span>
          <input type="search" enterkeyhint="search" autocomplete="off" placeholder={t("pick.search")} value={query} aria-describedby="found"
            onInput={(event) => { ask(event.currentTarget.value); show(SHOWN); }} />
          {query && <button class="icon-btn" type="button" aria-label={t("pick.clear")} onClick={() => ask("")}><Icon name="close" /></button>}
        </label>
      </div>
      <main class="body picker-body">
        <p class="section-name" id="found" role="status">{query.trim() ? found.length > 0 ? t("pick.found", { n: found.length }) : t("pick.none") : ""}</p>
        {fault && <Banner tone="attn" alert>{fault}</Banner>}
        {many && !query && chosen.length > 0 && <Chosen asked={asked} names={chosen} items={items} />}
        <List items={found.slice(0, shown)} query={query} chosen={chosen} many={many} name={path} onTake={take} />
        {found.length > shown && <Button kind="quiet" onClick={() => show(shown + 3 * SHOWN)}>{t("go.more", { n: found.length - shown })}</Button>}
      </main>
      {many && <div class="actions"><Button kind="primary" icon="check" soft={chosen.length === 0} onClick={onClose}>{chosen.length > 0 ? t("pick.use", { n: chosen.length }) : t("pick.use.0")}</Button></div>}
    </Screen>
  );
}

/** What is chosen stays in sight at the top, each with a way out. */
function Chosen({ asked, names, items }: { asked: Asked; names: string[]; items: Item[] }) {
  const filling = useFilling();
  const labels = new Map(items.map((item) => [item.name, item.label]));
  return (
    <div class="chips">
      {names.map((name) => {
        const label = labels.get(name) ?? filling.registers.label(asked.question.options?.register ?? "", name);
        return (
          <button class="chip chip-removable" type="button" aria-label={t("pick.remove", { what: label })} onClick={() => filling.set(asked.path, toggled(filling.get(asked.path), name))}>
            <span>{label}</span><Icon name="close" small />
          </button>
        );
      })}
    </div>
  );
}

interface ListProps { items: Item[]; query: string; chosen: string[]; many: boolean; name: string; onTake: (name: string) => void }

function List(props: ListProps) {
  const head = HEADS.find((column) => props.items.some((item) => item[column]));
  if (!head) return props.items.length > 0 ? <ul class="card card-flush rows"><Rows {...props} /></ul> : null;
  return (
    <>
      {groupsBy(props.items, head).map(([name, items]) => (
        <section class="card card-flush" key={name}>
          {name && <h2 class="group-name"><Hit text={name} query={props.query} /></h2>}
          <ul class="rows"><Rows {...props} items={items} /></ul>
        </section>
      ))}
    </>
  );
}

function groupsBy(items: Item[], column: string): [string, Item[]][] {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const name = item[column] ?? "";
    groups.set(name, [...(groups.get(name) ?? []), item]);
  }
  return [...groups];
}

function Rows({ items, query, chosen, many, name, onTake }: ListProps) {
  return (
    <>
      {items.map((item) => {
        const on = chosen.includes(item.name);
        return (
          <li key={item.name}>
            <label class={`item tickable${on ? " is-on" : ""}`}>
              <input class="tick" type={many ? "checkbox" : "radio"} name={name} value={item.name} checked={on} onChange={() => onTake(item.name)}
                onClick={() => { if (!many && on) onTake(item.name); }} />
              <span class={`box${many ? "" : " box-round"}`} aria-hidden="true"><Icon name="check" /></span>
              <span class="grow"><b><Hit text={item.label} query={query} /></b></span>
            </label>
          </li>
        );
      })}
    </>
  );
}

function Hit({ text, query }: { text: string; query: string }) {
  const spans = query.trim() ? hits(query, text) : [];
  if (spans.length === 0) return <>{text}</>;
  let end = 0;
  const parts = spans.map(([from, to]) => {
    const before = text.slice(end, from);
    end = to;
    return <>{before}<mark>{text.slice(from, to)}</mark></>;
  });
  return <>{parts}{text.slice(end)}</>;
}
