import { expect, test } from "vitest";
import type { FormModel, Group, Item, Node, Question, Tree } from "../../shapes.ts";
import { Engine } from "../engine.ts";
import { codesLike, isLikeIdNumber, nextNumber, prefixOf, wholeCode } from "./book_codes.ts";
import { digitsOf, shortLabel, stepped, toggled, wholeOf } from "./typed.ts";
import { layoutOf, pagesOf } from "./pages.ts";
import { answeredIn, countOf, imagesIn, questionsIn, TOP } from "./walk.ts";

const codes = (...labels: string[]): Item[] => labels.map((label, n) => ({ name: `m${n}`, label }));

test.each([
  [["31672-0003", "31672-0042"], "31672-", "0043"], [["31672-9", "31672-10"], "31672-", "11"],
  [["31672-0003", "31528-0042"], "", ""], [[], "", ""],
])("codes %j begin with %j and go on with %j", (labels, prefix, next) => {
  expect(prefixOf(codes(...labels))).toBe(prefix);
  expect(nextNumber(codes(...labels), prefix)).toBe(next);
});

test.each([
  ["31672-", "113", "31672-113"], ["31672-", "31672-0113", "31672-0113"], ["31672-", " 31672 0113 ", "31672-0113"], ["31672-", "31672–0113", "31672-0113"],
  ["31672-", "31672", "31672-31672"], ["", "31522 - 0113", "31522-0113"],
])("in the book %j, %j typed or pasted is the code %j", (prefix, typed, code) => { expect(wholeCode(prefix, typed)).toBe(code); });

test.each([["0003"], ["3"], ["31672-0003"], ["31672 0003"]])("%j finds the code 31672-0003", (typed) => {
  expect(codesLike(codes("31672-0003", "31672-0042"), "31672-", typed).map((item) => item.label)).toEqual(["31672-0003"]);
});

test.each([["079123456789", true], ["079 123 456 789", true], ["381234567", true], ["31522-0113", false], ["31522-01130", false], ["0113", false]])(
  "%j is like an identity number: %j", (typed, like) => { expect(isLikeIdNumber(typed)).toBe(like); });

test.each([["a b", "b", "a"], ["a", "b", "a b"], ["", "a", "a"]])("%j with %j put in or out is %j", (value, name, after) => {
  expect(toggled(value, name)).toBe(after);
});

test.each([["0046", "46"], ["4a6", "46"], ["0", "0"], ["", ""], ["12345678", "1234567"]])("typed %j is the number %j", (typed, digits) => {
  expect(digitsOf(typed)).toBe(digits);
});

test.each([["125000000", "125000000"], ["-7", "-7"], ["−07", "-7"], ["-", "-"], ["1-2", "12"], ["1234567890123456", "123456789012345"]])("typed %j is the whole number %j", (typed, whole) => {
  expect(wholeOf(typed)).toBe(whole);
});

test.each([
  ["", 1, 0, "1"], ["", -1, 0, ""], ["0", -1, 0, "0"], ["9", 10, 0, "19"], ["", -1, -Infinity, "-1"], ["0", -1, -Infinity, "-1"], ["-7", 1, 0, "-6"], ["-7", -1, 0, "-7"], ["-", 1, 0, "1"],
])("%j and %d more, not below %d, is %j", (value, by, least, after) => { expect(stepped(value, by, least)).toBe(after); });

test.each([["Trong đó: nữ (nếu biết)", "Nữ"], ["Số người", "Số người"], ["Trong đó: đồng bào Khmer (chỉ khi ban tổ chức có số)", "Đồng bào Khmer"]])(
  "the tile of %j says %j", (label, short) => { expect(shortLabel(label)).toBe(short); });

const question = (path: string, part: Partial<Question> = {}): Question =>
  ({ kind: "question", name: path.split("/").at(-1)!, path, type: "text", ...part });

const MODEL: FormModel = {
  model_format: 1, form_id: "f", version: "1", title: { vi: "Phiếu" }, languages: ["vi"], choices: {}, registers: [],
  children: [
    question("/f/silent", { type: "calculate" }),
    { kind: "group", name: "a", path: "/f/a", label: { vi: "Phần A" }, children: [question("/f/a/x"), question("/f/a/p1", { type: "image" }), question("/f/a/p2", { type: "image" })] },
    { kind: "group", name: "b", path: "/f/b", label: { vi: "Thêm" }, appearance: "folded", children: [
      question("/f/b/preset", { default: "vi" }),
      { kind: "repeat", name: "r", path: "/f/b/r", label: { vi: "Dòng" }, children: [question("/f/b/r/n", { type: "integer" })] },
    ] },
    question("/f/loose"),
  ],
};
const engine = () => new Engine(MODEL, { now: () => new Date("2024-06-07T02:00:00Z"), zone: "Asia/Ho_Chi_Minh", language: "vi", register: () => [] });

test("a page is a top-level group; loose questions have one of their own; silent ones none", () => {
  expect(pagesOf(MODEL, engine()).map((page) => [page.key, page.label.vi, page.folded])).toEqual([["a", "Phần A", false], ["b", "Thêm", true], ["loose", "Phiếu", false]]);
});

test("questions of a repeat stand once per row", () => {
  const filled = engine();
  while (filled.instances("/f/b/r") < 2) filled.addRepeat("/f/b/r");
  const page = pagesOf(MODEL, filled)[1]!;
  expect(questionsIn(page.nodes, filled).map((found) => found.path)).toEqual(["/f/b/preset", "/f/b/r[1]/n", "/f/b/r[2]/n"]);
});

test("a folded group is open only when a person has answered something in it", () => {
  const filled = engine();
  const group = MODEL.children[2]!;
  if (group.kind !== "group") throw new Error("not a group");
  expect(answeredIn(group, filled, TOP)).toBe(false);
  if (filled.instances("/f/b/r") === 0) filled.addRepeat("/f/b/r");
  filled.set("/f/b/r[1]/n", "3");
  expect(answeredIn(group, filled, TOP)).toBe(true);
});

test("photos are taken in one go where the next is asked for after the one before; others stand alone", () => {
  const after: Tree = ["!=", ["p", "/", ["f"], ["r"], ["p1"]], ["s", ""]];
  const photos = [question("/f/r/p1", { type: "image" }), question("/f/r/p2", { type: "image", relevant: after }), question("/f/r/p3", { type: "image" })];
  const nodes: Node[] = [{ kind: "repeat", name: "r", path: "/f/r", children: photos }];
  expect(imagesIn(nodes, "/f/r[2]/p1").map((found) => found.path)).toEqual(["/f/r[2]/p1", "/f/r[2]/p2"]);
  expect(imagesIn(nodes, "/f/r[2]/p3").map((found) => found.path)).toEqual(["/f/r[2]/p3"]);
});

test("a table is called by the note that stands at its head for its name", () => {
  const note = question("/f/g/generated_table_list_label_1", { type: "note", label: { vi: "Bảng" } });
  const [page] = layoutOf(form([{ kind: "group", name: "g", path: "/f/g", label: {}, children: [note, question("/f/g/a")] }]));
  expect([page!.key, page!.label.vi, page!.nodes.map((node) => node.name)]).toEqual(["g", "Bảng", ["a"]]);
});

const asked = (n: number, part: Partial<Question> = {}): Question => question(`/f/q${n}`, { label: { vi: `Câu ${n}` }, ...part });
const form = (children: FormModel["children"], part: Partial<FormModel> = {}): FormModel => ({ ...MODEL, children, ...part });
const shapeOf = (model: FormModel) => layoutOf(model).map((page) => [page.key, countOf(page.nodes), page.from ?? 0, page.to ?? 0]);
const many = (n: number) => Array.from({ length: n }, (_, at) => asked(at + 1));

test.each([
  [12, [["q1", 12, 0, 0]]], [15, [["q1", 15, 0, 0]]], [16, [["q1", 8, 1, 8], ["q9", 8, 9, 16]]], [31, [["q1", 11, 1, 11], ["q12", 10, 12, 21], ["q22", 10, 22, 31]]],
])("%i loose questions are cut into equal parts", (n, pages) => { expect(shapeOf(form(many(n)))).toEqual(pages); });

test("five hundred loose questions are all there, in parts of at most fifteen", () => {
  const pages = layoutOf(form(many(500)));
  expect(pages.map((page) => countOf(page.nodes)).reduce((sum, one) => sum + one)).toBe(500);
  expect(Math.max(...pages.map((page) => countOf(page.nodes)))).toBeLessThanOrEqual(15);
});

test("one group around everything is no page; a group without a name neither; a page of the app gives up no word", () => {
  const inner = (name: string, label: string): Group => ({ kind: "group", name, path: `/f/all/${name}`, label: { vi: label }, children: [question(`/f/all/${name}/x`), question(`/f/all/${name}/y`)] });
  const all: Group = { kind: "group", name: "all", path: "/f/all", label: { vi: "Tất cả" }, children: [inner("check", "Xem"), inner("b", ""), question("/f/all/z")] };
  expect(shapeOf(form([all]))).toEqual([["f.all.check.x", 2, 0, 0], ["b", 3, 0, 0]]);
});

test("in the style pages each question is a page and a field-list one screen", () => {
  const screen: Group = { kind: "group", name: "s", path: "/f/s", label: { vi: "Cùng" }, appearance: "field-list", children: [question("/f/s/a"), question("/f/s/b")] };
  expect(shapeOf(form([asked(1), screen, asked(2)], { style: "pages" }))).toEqual([["q1", 1, 0, 0], ["s", 2, 0, 0], ["q2", 1, 0, 0]]);
});

test("a page with nothing that applies is left out", () => {
  const no: Group = { kind: "group", name: "g", path: "/f/g", label: { vi: "Phần" }, children: [question("/f/g/a", { relevant: ["=", ["s", "a"], ["s", "b"]] })] };
  const model = form([asked(1), no]);
  expect(pagesOf(model, new Engine(model, { now: () => new Date(0), zone: "UTC", language: "vi", register: () => [] })).map((page) => page.key)).toEqual(["q1"]);
});
