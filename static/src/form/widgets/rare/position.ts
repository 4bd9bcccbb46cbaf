// A place as XForms writes it, and when it is good enough. Asking the phone's receiver: place.tsx.

export interface Fix { latitude: number; longitude: number; altitude: number | null; accuracy: number }
export interface Limits { capture: number; warning: number }

/** ODK's defaults: good at 5 m, doubtful from 100 m on. */
export function limitsOf(parameters: Record<string, string> | undefined): Limits {
  const of = (name: string, otherwise: number): number => { const n = Number(parameters?.[name]); return parameters?.[name] && n >= 0 ? n : otherwise; };
  return { capture: of("capture-accuracy", 5), warning: of("warning-accuracy", 100) };
}

const plain = (n: number, places: number): string => String(Number(n.toFixed(places)));

/** "lat lon alt acc"; an unknown height is 0, as ODK writes it. */
export const answerOf = ({ latitude, longitude, altitude, accuracy }: Fix): string =>
  [plain(latitude, 7), plain(longitude, 7), plain(altitude ?? 0, 1), plain(accuracy, 1)].join(" ");

export function fixOf(answer: string): Fix | null {
  const [latitude, longitude, altitude = 0, accuracy = 0] = answer.split(" ").map(Number);
  return answer && latitude !== undefined && longitude !== undefined ? { latitude, longitude, altitude, accuracy } : null;
}
