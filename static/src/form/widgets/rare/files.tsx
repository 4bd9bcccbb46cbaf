// Pictures and sounds that travel beside the form.

import { useEffect, useRef, useState } from "preact/hooks";
import { Icon } from "../../../ui/icon.tsx";
import { useFilling, type Picture } from "../filling.ts";
import { RareIcon } from "./icons.tsx";
import { say } from "./say.ts";

/** undefined = being fetched, null = not on this phone. */
export function useFile(name: string | undefined): Picture | null | undefined {
  const { doors, model } = useFilling();
  const [file, got] = useState<Picture | null>();
  useEffect(() => {
    let gone = false, url = "";
    if (!name) return;
    doors.file(model, name).then((found) => {
      url = found?.url ?? "";
      if (!gone) got(found);
      else if (url) URL.revokeObjectURL(url);
    }, () => { if (!gone) got(null); });
    return () => { gone = true; if (url) URL.revokeObjectURL(url); };
  }, [name]);
  return file;
}

/** One button: plays from the beginning, and stops. */
export function Sound({ file, of }: { file: string; of: string }) {
  const sound = useFile(file);
  const [playing, play] = useState(false);
  const player = useRef<HTMLAudioElement | null>(null);
  useEffect(() => () => player.current?.pause(), []);
  if (!sound) return null;
  const toggle = () => {
    if (playing) { player.current?.pause(); return play(false); }
    const audio = player.current = new Audio(sound.url);
    audio.onended = () => play(false);
    audio.play().then(() => play(true), () => play(false));
  };
  return (
    <button class="icon-btn sound" type="button" aria-label={playing ? say("Dừng nghe", "Stop listening") : say(`Nghe: ${of}`, `Listen: ${of}`)} onClick={toggle}>
      {playing ? <Icon name="close" /> : <RareIcon name="sound" />}
    </button>
  );
}
