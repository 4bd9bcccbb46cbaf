// The style of a rare part, minified, as text: build.mjs puts it into the part.
declare module "*.css" {
  const css: string;
  export default css;
}
