// Filling and reading records as one part of the program: the form engine, its widgets, the screens around them.
// It is asked for by begin.ts when home stands, so that home does not wait for it.

export { beginForm, Fill } from "./fill/fill.tsx";
export { RecordScreen } from "./record.tsx";
/** For the rare parts, which are built apart. */
export * from "../form/widgets/kit.ts";
