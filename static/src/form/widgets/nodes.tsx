// Nodes of a page in order: questions, groups, folded groups, repeats. Photos that stand together become one block.
// Each looks at its own place only, so that an answer draws again what it changes and nothing else.

import type { ComponentChildren } from "preact";
import { useComputed } from "@preact/signals";
import { useMemo, useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import type { Group, Node, Question } from "../../shapes.ts";
import { Icon } from "../../ui/icon.tsx";
import type { Asked } from "./asked.tsx";
import { placesOf, ScopeProvider, useFilling, useForm, type Filling } from "./filling.ts";
import { NearList } from "./near.tsx";
import { NumberPad } from "./pad.tsx";
import { applies } from "./pages.ts";
import { Photos } from "./photos.tsx";
import { isPreset, Presets } from "./presets.tsx";
import { QuestionView } from "./question.tsx";
import { RepeatView } from "./repeat.tsx";
import { answeredIn, at, has, holds, isPhoto, isShown, photosIn, TOP, type Base } from "./walk.ts";

/** A page's content. Where one question is the number of the page, its parts are tiles of the same pad. */
export function PageNodes({ nodes }: { nodes: Node[] }) {
  const main = nodes.find((node): node is Question => node.kind === "question" && has(node, "number-pad"));
  const [only] = nodes;
  if (nodes.length === 1 && only?.kind === "repeat") return <RepeatView repeat={only} base={TOP} draw={drawn} alone />;
  return main ? <PadPage nodes={nodes} main={main} /> : <Nodes nodes={nodes} base={TOP} />;
}

function PadPage({ nodes, main }: { nodes: Node[]; main: Question }) {
  const filling = useForm();
  const parts = useMemo(() => partsOf(nodes, main), [nodes]);
  const inPad = useMemo(() => new Set<Node>([main, ...parts]), [nodes]);
  void filling.at(main.path).value;
  if (!filling.engine.relevant(main.path)) return <Nodes nodes={nodes} base={TOP} />;
  return (
    <>
      <ScopeProvider value={placesOf(filling, [main, ...parts].map((one) => one.path))}><Pad main={main} parts={parts} /></ScopeProvider>
      <Nodes nodes={nodes} base={TOP} without={inPad} />
    </>
  );
}

function Pad({ main, parts }: { main: Question; parts: Question[] }) {
  const filling = useFilling();
  const asked = (question: Question): Asked => ({ question, path: question.path });
  return <NumberPad main={asked(main)} parts={parts.filter((part) => filling.engine.relevant(part.path)).map(asked)} />;
}

/** Whole numbers of the page outside repeats: parts of its total. */
function partsOf(nodes: Node[], main: Question): Question[] {
  return nodes.flatMap((node): Question[] => {
    if (node.kind === "group") return partsOf(node.children, main);
    return node.kind === "question" && node !== main && node.type === "integer" ? [node] : [];
  });
}

export function Nodes({ nodes, base, without }: { nodes: Node[]; base: Base; without?: ReadonlySet<Node> }) {
  const filling = useForm();
  const left = nodes.filter((node) => !without?.has(node) && (node.kind !== "question" || isShown(node)));
  const presets = usePresets(left, base, filling);
  const blocks = photosIn(left);
  const draw = (node: Node): ComponentChildren => {
    if (node.kind === "group") return <GroupView key={node.path} group={node} base={base} without={without} />;
    if (node.kind === "repeat") return <RepeatView key={node.path} repeat={node} base={base} draw={drawn} />;
    if (presets.has(node)) return presets.get(node);
    const asked = { question: node, path: at(node, base) };
    if (!isPhoto(node)) return <ScopeProvider key={node.path} value={filling.at(asked.path)}><QuestionView {...asked} /></ScopeProvider>;
    const photos = blocks.find(([first]) => first === node)?.map((question) => ({ question, path: at(question, base) }));
    return photos && <ScopeProvider key={node.path} value={placesOf(filling, photos.map(({ path }) => path))}><Photos images={photos} /></ScopeProvider>;
  };
  return (
    <NearList items={left} keyOf={(node) => at(node, base)} wordsOf={(node) => filling.words(node.label)} holds={(node, path) => holds([node], path)} draw={draw} />
  );
}

const drawn = (nodes: Node[], base: Base): ComponentChildren => <Nodes nodes={nodes} base={base} />;

/** Runs of preset answers: the first of a run draws them all, the others nothing. Decided once, when the page opens. */
function usePresets(nodes: Node[], base: Base, filling: Filling): Map<Node, ComponentChildren> {
  const [preset] = useState(() => new Set(nodes.filter((node) => node.kind === "question" && isPreset(filling, { question: node, path: at(node, base) }))));
  const shown = new Map<Node, ComponentChildren>();
  let run: Asked[] = [];
  for (const node of nodes) {
    if (node.kind !== "question" || !preset.has(node)) { run = []; continue; }
    const asked = { question: node, path: at(node, base) };
    if (run.length > 0) { run.push(asked); shown.set(node, null); continue; }
    const these = run = [asked];
    shown.set(node, <PresetRun key={node.path} run={these} />);
  }
  return shown;
}

function PresetRun({ run }: { run: Asked[] }) {
  const filling = useForm();
  return <ScopeProvider value={placesOf(filling, run.map(({ path }) => path))}><Presets asked={run} /></ScopeProvider>;
}

function GroupView({ group, base, without }: { group: Group; base: Base; without: ReadonlySet<Node> | undefined }) {
  const filling = useForm();
  const path = at(group, base);
  const [open] = useState(() => answeredIn(group, filling.engine, base, without));
  const shown = useComputed(() => {
    void filling.under(path).value;
    return applies(group.children.filter((node) => !without?.has(node)), filling.engine, base);
  });
  void filling.at(path).value;
  if (!shown.value) return null;
  const content = <Nodes nodes={group.children} base={base} {...(without ? { without } : {})} />;
  const [label, hint] = [filling.engine.label(path), filling.words(group.hint)];
  if (has(group, "folded")) return <Fold label={label} open={open}>{content}</Fold>;
  return (
    <section class="q-group" aria-label={label || undefined}>
      {label && <h3 class="section-name" lang={filling.lang}>{label}</h3>}
      {hint ? <p class="q-hint" lang={filling.lang}>{hint}</p> : null}
      {content}
    </section>
  );
}

function Fold({ label, open, children }: { label: string; open: boolean; children: ComponentChildren }) {
  const more = t("fill.more");
  return (
    <details class="fold" open={open}>
      <summary class="fold-name"><Icon name="plus" small class="fold-plus" /><span>{!label || label === more ? more : t("fill.more.of", { what: label })}</span></summary>
      <div class="fold-in">{children}</div>
    </details>
  );
}
