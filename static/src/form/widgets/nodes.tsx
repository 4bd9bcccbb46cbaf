// Nodes of a page in order: questions, groups, folded groups, repeats. Photos that stand together become one block.

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { t, words } from "../../i18n/index.ts";
import type { Group, Node, Question, Repeat } from "../../shapes.ts";
import { Icon } from "../../ui/icon.tsx";
import { IconButton } from "../../ui/frame.tsx";
import { Button } from "../../ui/parts.tsx";
import { useFilling, type Filling } from "./filling.ts";
import { NumberPad } from "./pad.tsx";
import { isPreset, Presets } from "./presets.tsx";
import { Photos } from "./photos.tsx";
import type { Asked } from "./asked.tsx";
import { QuestionView } from "./question.tsx";
import { answeredIn, at, has, isPhoto, isShown, positions, questionsIn, rowOf, TOP, type Base } from "./walk.ts";

/** A page's content. Where one question is the number of the page, its parts are tiles of the same pad. */
export function PageNodes({ nodes }: { nodes: Node[] }) {
  const filling = useFilling();
  const main = nodes.find((node): node is Question => node.kind === "question" && has(node, "number-pad"));
  if (!main || !filling.engine.relevant(main.path)) return <Nodes nodes={nodes} base={TOP} />;
  const parts = partsOf(nodes, main);
  const asked = (question: Question): Asked => ({ question, path: question.path });
  return (
    <>
      <NumberPad main={asked(main)} parts={parts.filter((part) => filling.engine.relevant(part.path)).map(asked)} />
      <Nodes nodes={nodes} base={TOP} without={new Set([main, ...parts])} />
    </>
  );
}

/** Whole numbers of the page outside repeats: parts of its total. */
function partsOf(nodes: Node[], main: Question): Question[] {
  return nodes.flatMap((node): Question[] => {
    if (node.kind === "group") return partsOf(node.children, main);
    return node.kind === "question" && node !== main && node.type === "integer" ? [node] : [];
  });
}

export function Nodes({ nodes, base, without }: { nodes: Node[]; base: Base; without?: ReadonlySet<Node> }) {
  const filling = useFilling();
  const left = nodes.filter((node) => !without?.has(node));
  const presets = presetsIn(left, base, filling);
  const photos = left.filter(isPhoto);
  return (
    <>
      {left.map((node) => {
        if (node.kind === "group") return <GroupView key={node.path} group={node} base={base} without={without} />;
        if (node.kind === "repeat") return <RepeatView key={node.path} repeat={node} base={base} />;
        if (presets.has(node)) return presets.get(node);
        if (node !== photos[0]) return !isPhoto(node) && <QuestionView key={node.path} question={node} path={at(node, base)} />;
        return <Photos key={node.path} images={photos.map((question) => ({ question, path: at(question, base) }))} />;
      })}
    </>
  );
}

/** Runs of preset answers: the first of a run draws them all, the others nothing. Decided once, when the page opens. */
function presetsIn(nodes: Node[], base: Base, filling: Filling): Map<Node, ComponentChildren> {
  const [preset] = useState(() => new Set(nodes.filter((node) => node.kind === "question" && isPreset(filling, { question: node, path: at(node, base) }))));
  const drawn = new Map<Node, ComponentChildren>();
  let run: Asked[] = [];
  for (const node of nodes) {
    const still = node.kind === "question" && preset.has(node) && filling.engine.relevant(at(node, base));
    if (!still) { if (node.kind !== "question" || isShown(node)) run = []; continue; }
    const asked = { question: node, path: at(node, base) };
    if (run.length === 0) drawn.set(node, <Presets key={node.path} asked={run = [asked]} />);
    else { run.push(asked); drawn.set(node, null); }
  }
  return drawn;
}

function GroupView({ group, base, without }: { group: Group; base: Base; without: ReadonlySet<Node> | undefined }) {
  const filling = useFilling();
  if (!filling.engine.relevant(at(group, base))) return null;
  const content = <Nodes nodes={group.children} base={base} {...(without ? { without } : {})} />;
  const shown = questionsIn(group.children, filling.engine, base).some(({ question }) => !without?.has(question)) || group.children.some((node) => node.kind === "repeat");
  if (!shown) return null;
  if (has(group, "folded")) return <Fold label={words(group.label)} open={answeredIn(group, filling.engine, base, without)}>{content}</Fold>;
  return <section class="q-group" aria-label={words(group.label)}><h3 class="section-name">{words(group.label)}</h3>{content}</section>;
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

function RepeatView({ repeat, base }: { repeat: Repeat; base: Base }) {
  const filling = useFilling();
  const path = at(repeat, base);
  if (!filling.engine.relevant(path)) return null;
  const fixed = repeat.count !== undefined;
  return (
    <section class="q" aria-label={words(repeat.label)} data-question={repeat.path}>
      <h3 class="q-label">{words(repeat.label)}</h3>
      {positions(repeat, path, filling.engine).map((n) => (
        <div class="card repeat-row" role="group" aria-label={t("repeat.row", { n })}>
          <div class="grow repeat-in"><Nodes nodes={repeat.children.filter((node) => node.kind !== "question" || isShown(node))} base={rowOf(repeat, base, n)} /></div>
          {!fixed && <IconButton icon="trash" label={t("repeat.remove", { n })} onClick={() => filling.engine.removeRepeat(path, n)} />}
        </div>
      ))}
      {!fixed && <Button kind="quiet" small icon="plus" onClick={() => filling.engine.addRepeat(path)}>{t("repeat.add")}</Button>}
    </section>
  );
}
