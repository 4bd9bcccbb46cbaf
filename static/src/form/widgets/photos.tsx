// The photos of a page: what was taken, and the way to the camera. No photo is wider than it needs to be (camera.ts).

import { useEffect, useRef, useState } from "preact/hooks";
import { edgeOf, photoFromFile } from "../../camera.ts";
import type { Media } from "../../drafts.ts";
import { bytes } from "../../i18n/format.ts";
import { t } from "../../i18n/index.ts";
import { Icon } from "../../ui/icon.tsx";
import { Banner, Button } from "../../ui/parts.tsx";
import { open } from "../../ui/router.ts";
import { useFilling, type Filling, type Picture } from "./filling.ts";
import { Frame, type Asked } from "./asked.tsx";
import { has } from "./walk.ts";

export function Photos({ images, missing }: { images: Asked[]; missing?: boolean }) {
  const filling = useFilling();
  const [problem, say] = useState("");
  const there = images.filter(({ path }) => filling.engine.relevant(path));
  const first = there[0];
  if (!first) return null;
  const free = freeOf(filling, images);
  const shoot = () => { filling.returnTo = first.path; open({ camera: first.path }); };
  return (
    <Frame asked={missing ? { ...first, missing } : first} role="group">
      <Shots images={there} />
      {free && (
        <div class="row wrap">
          <Button kind="secondary" icon="camera" grow onClick={shoot}>{free === first ? t("photo.take") : t("photo.again")}</Button>
          {!isFresh(free) && <ChooseFile filling={filling} asked={free} onProblem={say} />}
        </div>
      )}
      {problem && <Banner tone="attn" alert>{problem}</Banner>}
    </Frame>
  );
}

/** `new`: only a photo taken now will do. */
export const isFresh = ({ question }: Asked): boolean => has(question, "new");

/** The next photo that may be taken, or undefined when all places are filled. */
export const freeOf = (filling: Filling, images: Asked[]): Asked | undefined =>
  images.find(({ path }) => filling.engine.relevant(path) && filling.get(path) === "");

export function Shots({ images, left }: { images: Asked[]; left?: number }) {
  const filling = useFilling();
  const taken = images.filter(({ path }) => filling.get(path) !== "");
  if (taken.length === 0) return null;
  return (
    <ul class="shots">
      {taken.map(({ path }, n) => <Shot key={filling.get(path)} id={filling.get(path)} n={n + 1} onDrop={() => drop(filling, images, filling.get(path))} />)}
      {left ? <li class="shot"><span class="shot-frame shot-empty"><Icon name="image" /></span><span class="shot-meta">{t("photo.left", { n: left })}</span></li> : null}
    </ul>
  );
}

/** The photos after it move up: in many forms the second is asked only where there is a first. */
function drop(filling: Filling, images: Asked[], id: string): void {
  const left = images.map(({ path }) => filling.get(path)).filter((value) => value !== "" && value !== id);
  images.forEach(({ path }, n) => filling.set(path, left[n] ?? ""));
  void filling.doors.dropMedia(id);
}

function Shot({ id, n, onDrop }: { id: string; n: number; onDrop: () => void }) {
  const filling = useFilling();
  const picture = usePicture(filling.doors.photo, id);
  return (
    <li class="shot">
      <span class="shot-frame">{picture ? <img src={picture.url} alt={t("photo.there", { n })} /> : <Icon name="image" />}</span>
      <span class="shot-meta">
        <span>{picture ? bytes(picture.size) : picture === null ? t("photo.gone") : ""}</span>
        <button class="icon-btn" type="button" aria-label={t("photo.remove", { n })} onClick={onDrop}><Icon name="trash" small /></button>
      </span>
    </li>
  );
}

/** undefined = being fetched, null = neither here nor to be had now. */
export function usePicture(photo: (id: string) => Promise<Picture | null>, id: string): Picture | null | undefined {
  const [picture, got] = useState<Picture | null>();
  useEffect(() => {
    let gone = false;
    let url = "";
    photo(id).then((found) => {
      url = found?.url ?? "";
      if (!gone) got(found);
      else if (url) URL.revokeObjectURL(url);
    }).catch(() => { if (!gone) got(null); });
    return () => { gone = true; if (url) URL.revokeObjectURL(url); };
  }, [id]);
  return picture;
}

interface ChooseProps { filling: Filling; asked: Asked; onProblem: (words: string) => void; small?: boolean }

/** From the gallery: made smaller and stripped like the others, and told as "file" in the envelope. */
export function ChooseFile({ filling, asked, onProblem, small }: ChooseProps) {
  const field = useRef<HTMLInputElement>(null);
  const [busy, work] = useState(false);
  const take = async (file: File) => {
    work(true);
    onProblem("");
    await keepPhoto(filling, asked, photoFromFile.bind(null, file)).catch((fault: unknown) => onProblem(problemOf(fault, file.name)));
    work(false);
  };
  return (
    <>
      <Button kind="quiet" icon="image" small={small ?? false} onClick={() => field.current?.click()}>{busy ? t("photo.busy") : t("photo.choose")}</Button>
      <input ref={field} class="sr-only" type="file" accept="image/*" tabIndex={-1} aria-label={t("photo.choose")} data-photo={asked.path}
        onChange={(event) => { const file = event.currentTarget.files?.[0]; event.currentTarget.value = ""; if (file) void take(file); }} />
    </>
  );
}

/** Ends with the answer kept: also when the person has left the page, or the form, meanwhile. */
export function keepPhoto(filling: Filling, asked: Asked, take: (now: Date, edge: number) => Promise<Media>): Promise<void> {
  return filling.during(taken());

  async function taken(): Promise<void> {
    const photo = await take(filling.doors.now(), edgeOf(asked.question.parameters?.["max-pixels"]));
    const row = await filling.doors.addMedia(filling.draft, asked.question.name, photo);
    filling.set(asked.path, row.id);
    await filling.keep();
  }
}

/** `file` = the name of what was chosen; without it the picture came from the camera. */
export function problemOf(fault: unknown, file?: string): string {
  const name = fault instanceof Error ? fault.name : "";
  if (name === "StorageFull") return t("fill.unsaved.sub");
  return file !== undefined && name === "NotAPhoto" ? t("photo.unreadable", { file }) : t("photo.bad");
}
