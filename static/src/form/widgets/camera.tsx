// The camera in the page: nothing goes into the phone's gallery. Where the browser refuses it, "Chọn ảnh" remains.

import { useEffect, useRef, useState } from "preact/hooks";
import { openCamera, type Camera } from "../../camera.ts";
import { t } from "../../i18n/index.ts";
import { IconButton, Screen } from "../../ui/frame.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Banner, Button } from "../../ui/parts.tsx";
import { useFilling } from "./filling.ts";
import { ChooseFile, freeOf, isFresh, keepPhoto, problemOf, Shots } from "./photos.tsx";
import type { Asked } from "./asked.tsx";

export function CameraPage({ images, onClose }: { images: Asked[]; onClose: () => void }) {
  const filling = useFilling();
  const finder = useRef<HTMLVideoElement>(null);
  const camera = useCamera(finder);
  const [busy, work] = useState(false);
  const [problem, say] = useState("");
  const free = freeOf(filling, images);
  const taken = images.filter(({ path }) => filling.get(path) !== "").length;
  const shoot = async () => {
    if (!free || !camera || camera === "refused" || busy) return;
    work(true);
    say("");
    await keepPhoto(filling, free, camera.capture).catch((fault: unknown) => say(problemOf(fault)));
    work(false);
  };
  return (
    <Screen name="camera" title={t("photo.take")}>
      <main class="camera">
      <section class="viewfinder" aria-label={t("photo.frame")}>
        <h1 class="sr-only">{t("photo.take")}</h1>
        <video ref={finder} class="finder" muted playsInline autoplay aria-hidden="true" />
        {camera === "refused" && <p class="finder-refused">{t("photo.nocamera")}</p>}
        <div class="over over-top"><IconButton icon="close" label={t("photo.close")} onClick={onClose} /></div>
        <p class="over over-note"><Icon name="info" small /><span role="status">{busy ? t("photo.busy") : t("photo.how")}</span></p>
      </section>
      <section class="notice" aria-label={t("photo.count", { n: taken })}>
        {problem && <Banner tone="attn" alert>{problem}</Banner>}
        <Shots images={images} left={images.length - taken} />
      </section>
      <div class="shutter-row" role="group" aria-label={t("photo.take")}>
        {free && (camera === "refused" || !isFresh(free)) ? <ChooseFile filling={filling} asked={free} onProblem={say} small /> : <span />}
        <button class="shutter" type="button" aria-disabled={!free || !camera || camera === "refused" ? "true" : undefined} aria-label={t("photo.shoot", { n: Math.min(taken + 1, images.length), of: images.length })} onClick={() => void shoot()} />
        <Button kind="secondary" small onClick={onClose}>{t("go.done")}</Button>
      </div>
      </main>
    </Screen>
  );
}

/** null = being opened. The stream lives as long as the page: leaving it switches the camera's lamp off. */
function useCamera(finder: { current: HTMLVideoElement | null }): Camera | "refused" | null {
  const [camera, become] = useState<Camera | "refused" | null>(null);
  useEffect(() => {
    let mine: Camera | undefined;
    let gone = false;
    if (finder.current) {
      openCamera(finder.current).then((opened) => {
        mine = opened;
        if (gone) opened.stop();
        else become(opened);
      }, () => become("refused"));
    }
    return () => { gone = true; mine?.stop(); };
  }, []);
  return camera;
}
