// What rare parts (rare_*.tsx) take from the app: built apart, they import these names from the part that every phone has,
// so that nothing is on the phone twice and the app is not cut into more pieces. The build fails when a name is missing here.
export { Fragment } from "preact";
export { jsx, jsxs } from "preact/jsx-runtime";
export { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
export { BLOCK, PAGE } from "../../big_sets.ts";
export { searchKey } from "../../text.ts";
export { isPictured } from "../../parts.ts";
export { Api, slugOf } from "../../api.ts";
export { accountDb, needMeta } from "../../db.ts";
export { desk, syncNow, syncState, takeUpdate } from "../../session.ts";
export { change, settings } from "../../settings.ts";
export { replace } from "../../ui/router.ts";
export { edgeOf, fitInto, mediaOf, openCamera, photoFromFile } from "../../camera.ts";
export { number } from "../../i18n/number.ts";
export { bytes, dayOf, zone } from "../../i18n/format.ts";
export { language } from "../../i18n/language.ts";
export { words } from "../../i18n/index.ts";
export { IconButton, Screen } from "../../ui/frame.tsx";
export { Icon } from "../../ui/icon.tsx";
export { Banner, Button } from "../../ui/parts.tsx";
export { Sheet } from "../../ui/sheet.tsx";
export { beside, faultOf, Frame } from "./asked.tsx";
export { ByPicker, isByPicker, looksOf, Pick } from "./choose.tsx";
export { useFilling } from "./filling.ts";
export { Stepper } from "./number.tsx";
export { keepPhoto, problemOf, usePicture } from "./photos.tsx";
export { chosenOf, toggled } from "./typed.ts";
export { has, idOf } from "./walk.ts";
