// Rare part: a drawing, a signature, or marks upon a photo.

import css from "../../../css/rare_draw.css";
import type { Asked } from "./asked.tsx";
import { Drawn } from "./rare/drawn.tsx";

export { css };

export const View = (asked: Asked) => <Drawn {...asked} />;
