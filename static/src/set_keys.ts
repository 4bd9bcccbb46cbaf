// Under which keys register sets lie in the store: one per register and unit, a form's own files, and the codes that were made here.

export const NEW_CODES = "members|new";
const ATTACHED = "file|";

export const setKey = (register: string, unit: string | null): string => `${register}|${unit ?? ""}`;

/** Where the choices of a form's own CSV file are kept. */
export const attachedKey = (sha256: string): string => `${ATTACHED}${sha256}`;
export const isAttached = (key: string): boolean => key.startsWith(ATTACHED);

/** Whether a stored set came from the server, or was made here. */
export const isOwnSet = (key: string): boolean => key === NEW_CODES;
