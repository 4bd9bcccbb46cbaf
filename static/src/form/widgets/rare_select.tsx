// Rare part.
import css from "../../../css/rare_select.css";
import { Frame, type Asked } from "./asked.tsx";

export { css };

export function View(asked: Asked) {
  return <Frame asked={asked}>{null}</Frame>;
}
