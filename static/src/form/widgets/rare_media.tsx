// Rare part: recordings, files, places, codes read by the camera; and pictures, sounds and further help beside a label.

import css from "../../../css/rare_media.css";
import { beside, type Asked } from "./asked.tsx";
import { AttachedFile } from "./rare/attached_file.tsx";
import { Barcode } from "./rare/barcode.tsx";
import { Label } from "./rare/label.tsx";
import { Place } from "./rare/place.tsx";
import { Recording } from "./rare/recording.tsx";

export { css };

beside.Label = Label;

export function View(asked: Asked) {
  switch (asked.question.type) {
    case "audio": return <Recording {...asked} />;
    case "barcode": return <Barcode {...asked} />;
    case "geopoint": return <Place {...asked} />;
    default: return <AttachedFile {...asked} />;
  }
}
