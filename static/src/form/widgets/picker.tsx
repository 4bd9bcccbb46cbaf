// The page of a long list: search without marks, the hit underlined, laws as group heads, a count before going back.

import { useEffect, useMemo, useState } from "preact/hooks";
import type { Found, Wanted } from "../../rare_registers.ts";
import { t } from "../../i18n/index.ts";
import { search } from "../../registers.ts";
import type { Item, Options } from "../../shapes.ts";
import { hits } from "../../text.ts";
import { AppBar, IconButton, Screen } from "../../ui/frame.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Banner, Button } from "../../ui/parts.tsx";
import { equalities } from "../rows_where.ts";
import { string } from "../values.ts";
import { useFilling, type Filling } from "./filling.ts";
import { faultOf, type Asked } from "./asked.tsx";
import { chosenOf, toggled } from "./typed.ts";

const SHOWN = 40;
const FIRST = 50; // of a register that is not in memory
/** Columns of a register that make good heads, when its items have them. */
const HEADS = ["law", "parent_label", "kind_label"];

export function PickerPage(props: { asked: Asked; onClose: () => void }) {
  const { registers } = useFilling();
  return registers.big(props.asked.question.options?.register ?? "") ? <FromStore {...props} /> : <FromMemory {...props} />;
}

function FromMemory({ asked, onClose }: { asked: Asked; onClose: () => void }) {
  const filling = useFilling();
  const [query, ask] = useState("");
  const items = filling.engine.choices(asked.path);
  const found = useMemo(() => (query.trim() ? search(items, query) : items), [items, query]);
  return <Picking asked={asked} query={query} onQuery={ask} items={items} total={items.length} found={found} count={found.length} onClose={onClose} />;
}

/** A register too long for memory: what fits best is shown as soon as it is known, the count follows. */
function FromStore({ asked, onClose }: { asked: Asked; onClose: () => void }) {
  const filling = useFilling();
  const [query, ask] = useState("");
  const [most, want] = useState(FIRST);
  const found = useStore(asked, query, most);
  const take = (name: string) => {
    filling.registers.add(asked.question.options!.register!, found.items.filter((item) => item.name === name));
  };
  const size = filling.registers.big(asked.question.options!.register!)!.size;
  return (
    <Picking asked={asked} query={query} onQuery={(text) => { ask(text); want(FIRST); }} items={filling.engine.choices(asked.path)} total={size}
      found={found.items} count={found.query === query ? found.count : null} busy={found.query !== query} onTake={take} onMore={() => want(most + 3 * FIRST)} onClose={onClose} />
  );
}

/** The newest question's hits; those of the one before stay until then, so that nothing flickers while a person types. */
function useStore(asked: Asked, query: string, most: number): Found & { query: string | null } {
  const filling = useFilling();
  const [found, tell] = useState<Found & { query: string | null }>({ items: [], count: null, query: null });
  useEffect(() => {
    let stale = false;
    const { question: { options }, path } = asked;
    const asking = async () => {
      const wanted = { ...demandsOf(filling, path, options!), query, most };
      for await (const some of filling.registers.big(options!.register!)!.find(wanted, () => stale)) if (!stale) tell({ ...some, query });
    };
    void asking();
    return () => { stale = true; };
  }, [query, most]);
  return found;
}

/** Equalities go to the store's indexes; whatever else the filter says is asked of the hits, as if they were the register. */
function demandsOf({ engine, registers }: Filling, path: string, { filter, register }: Options): Pick<Wanted, "equal" | "passes"> {
  if (!filter) return { equal: [] };
  const { equal, whole } = equalities(filter);
  const values = equal.map(([column, tree]): [string, string] => [column, string(engine.evaluateAt(tree, path))]);
  const passes = (items: Item[]): Item[] => registers.over(register!, items, () => engine.choices(path).slice());
  return { equal: values, passes: whole ? undefined : passes };
}

interface PickingProps {
  asked: Asked; query: string; onQuery: (query: string) => void; onClose: () => void;
  /** What is in memory; how many there are; what fits the query, and how many do (null: still being counted). */
  items: Item[]; total: number; found: Item[]; count: number | null;
  /** What is shown still fits the query before. */
  busy?: boolean; onTake?: (name: string) => void; onMore?: () => void;
}

function Picking({ asked, query, onQuery, items, total, found, count, busy = false, onTake, onMore, onClose }: PickingProps) {
  const filling = useFilling();
  const { question, path } = asked;
  const [shown, show] = useState(SHOWN);
  const many = question.type === "select_multiple";
  const value = filling.get(path);
  const chosen = many ? chosenOf(value) : [value];
  const title = filling.engine.label(path);
  const fault = value !== "" && filling.engine.findings(path)[0] ? faultOf(filling, { ...asked, missing: true }) : "";
  const take = (name: string) => {
    onTake?.(name);
    filling.set(path, many ? toggled(filling.get(path), name) : name);
    if (!many) onClose();
  };
  const left = (count ?? 0) - Math.min(shown, found.length);
  const more = () => { show(shown + 3 * SHOWN); if (found.length <= shown + SHOWN) onMore?.(); };
  return (
    <Screen name={`pick ${path}`} title={title}>
      <AppBar title={title} before={<IconButton icon="back" label={t("go.back")} onClick={onClose} />}><p>{t("pick.all", { n: total })}</p></AppBar>
      <div class="picker-head" role="search">
        <label class="field">
          <Icon name="search" /><span class="sr-only">{t("pick.search")}</span>
          <input type="search" enterkeyhint="search" autocomplete="off" placeholder={t("pick.search")} value={query} aria-describedby="found"
            onInput={(event) => { onQuery(event.currentTarget.value); show(SHOWN); }} />
          {query && <button class="icon-btn" type="button" aria-label={t("pick.clear")} onClick={() => onQuery("")}><Icon name="close" /></button>}
        </label>
      </div>
      <main class="body picker-body" aria-busy={busy}>
        <p class="section-name" id="found" role="status">{total === 0 ? t("pick.empty") : query.trim() && count !== null ? count > 0 ? t("pick.found", { n: count }) : t("pick.none") : ""}</p>
        {fault && <Banner tone="attn" alert>{fault}</Banner>}
        {many && !query && chosen.length > 0 && <Chosen asked={asked} names={chosen} items={items} />}
        <List items={found.slice(0, shown)} query={query} chosen={chosen} many={many} name={path} onTake={take} />
        {left > 0 && <Button kind="quiet" onClick={more}>{t("go.more", { n: left })}</Button>}
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
