// Rare part: numbers on a scale or with groups of three, hours, and days without a calendar.

import css from "../../../css/rare_value.css";
import type { Asked } from "./asked.tsx";
import { Days } from "./rare/days.tsx";
import { GroupedNumber } from "./rare/grouped_number.tsx";
import { Hours } from "./rare/hours.tsx";
import { Range } from "./rare/range.tsx";

export { css };

export function View(asked: Asked) {
  switch (asked.question.type) {
    case "range": return <Range {...asked} />;
    case "time":
    case "dateTime": return <Hours {...asked} />;
    case "date": return <Days {...asked} />;
    default: return <GroupedNumber {...asked} />;
  }
}
