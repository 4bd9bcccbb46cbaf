// Functions over places: geopoints as "lat lon alt acc", traces and shapes as points parted by ";". The Earth is a ball with
// the radius of its equator, as the ODK specification says; altitude counts for nothing. Twin of forms/xpath/geo_functions.py.
import type { Eager, Tools } from "../functions.ts";
import type { Value } from "../values.ts";
import { asin, cos, sin } from "./elementary.ts";

type Place = { lat: number; lon: number };

const RADIUS_M = 6_378_100;
const NUMBER = /^-?(\d+(\.\d*)?|\.\d+)$/;
const radians = (degrees: number): number => (degrees * Math.PI) / 180;
const hundredths = (value: number): number => Math.round(value * 100) / 100;


/** Great circle by the haversine formula: exact for near points too. */
const between = (here: Place, there: Place): number => {
  const up = sin(radians(there.lat - here.lat) / 2);
  const across = sin(radians(there.lon - here.lon) / 2);
  const half = up * up + cos(radians(here.lat)) * cos(radians(there.lat)) * (across * across);
  return 2 * RADIUS_M * asin(Math.min(1, Math.sqrt(half)));
};

type Read = (values: Value[]) => Place[];

/** All points; empty answers are left out; none if something is no point. */
const placesWith = ({ strings, tokens }: Tools): Read => (values) => {
  const parts = strings(values).flatMap((text) => text.split(";")).map(tokens).filter((words) => words.length);
  const places = parts.map(placeOf);
  return places.every((place) => place !== undefined) ? places : [];
};

function placeOf(words: string[]): Place | undefined {
  if (words.length < 2 || words.length > 4 || !words.every((word) => NUMBER.test(word))) return undefined;
  const [lat, lon] = words.map(Number) as [number, number];
  return Math.abs(lat) <= 90 && Math.abs(lon) <= 180 ? { lat, lon } : undefined;
}

/** Square metres inside the points, closed by itself; NaN without any point, or if one is none. */
const area = (placesOf: Read): Eager => (_, shape) => {
  const places = placesOf([shape!]);
  if (!places.length) return NaN;
  let total = 0;
  places.forEach((here, at) => {
    const there = places[(at + 1) % places.length]!;
    total += radians(there.lon - here.lon) * (2 + sin(radians(here.lat)) + sin(radians(there.lat)));
  });
  return places.length > 2 ? hundredths(Math.abs((total * RADIUS_M * RADIUS_M) / 2)) : 0;
};

/** Metres along the points, in their order; NaN without any point, or if one is none. */
const distance = (placesOf: Read): Eager => (_, ...points) => {
  const places = placesOf(points);
  if (!places.length) return NaN;
  let total = 0;
  places.slice(1).forEach((there, at) => { total += between(places[at]!, there); });
  return hundredths(total);
};

/** Whether the point lies inside: it does if a ray from it crosses the border an odd number of times. */
const geofence = (placesOf: Read): Eager => (_, point, shape) => {
  const [[here], border] = [placesOf([point!]), placesOf([shape!])];
  if (!here) return false;
  let inside = false;
  border.forEach((end, at) => {
    const begin = border.at(at - 1)!;
    if (end.lon > here.lon === begin.lon > here.lon) return;
    const slope = ((begin.lat - end.lat) * (here.lon - end.lon)) / (begin.lon - end.lon);
    if (here.lat < slope + end.lat) inside = !inside;
  });
  return inside;
};

export function placeFunctions(tools: Tools): Record<string, Eager> {
  const read = placesWith(tools);
  return { area: area(read), "enclosed-area": area(read), distance: distance(read), geofence: geofence(read) };
}
