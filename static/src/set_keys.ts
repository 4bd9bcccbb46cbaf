// Under which keys forms and register sets lie in the store: a set per register and unit, a form's own files, and the codes that were made here.

export const NEW_CODES = "members|new";
const ATTACHED = "file|";

export const formKey = (form_id: string, version: string): string => `${form_id}@${version}`;

export const setKey = (register: string, unit: string | null): string => `${register}|${unit ?? ""}`;

/** Where the choices of a form's own CSV file are kept. */
export const attachedKey = (sha256: string): string => `${ATTACHED}${sha256}`;
export const isAttached = (key: string): boolean => key.startsWith(ATTACHED);

const REGISTERS_MS = 45 * 86_400_000;

/** U29: a phone that has not met its server for so long shows no registers any more; recording goes on without them. */
export const registersEnded = (contact: { at: string | null } | undefined, now: Date): boolean =>
  contact?.at != null && now.getTime() - Date.parse(contact.at) > REGISTERS_MS;

/** Whether a stored set came from the server, or was made here. */
export const isOwnSet = (key: string): boolean => key === NEW_CODES;
