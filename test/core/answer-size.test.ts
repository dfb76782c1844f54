import { randomBytes } from "node:crypto";
import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { describe, expect, it, test } from "vitest";
import { countFitting, estimateTokens, withShortTexts } from "../../src/core/answer-size.js";

const TEXTS = {
  English: "Two colleagues laughing in front of a green wall while a third one holds up a large painting. ",
  German: "Zwei Kolleginnen lachen vor einer grünen Wand, während eine dritte ein großes Gemälde hochhält. ",
  Polish: "Dwie koleżanki śmieją się przed zieloną ścianą, a trzecia trzyma duży obraz portu o świcie. ",
  Russian: "Две коллеги смеются на фоне зелёной стены, а третья держит большую картину с видом на гавань. ",
  Arabic: "زميلتان تضحكان أمام جدار أخضر بينما ترفع الثالثة لوحة كبيرة للميناء عند الفجر ",
  Hindi: "दो सहकर्मी हरी दीवार के सामने हँस रहे हैं जबकि तीसरी भोर में बंदरगाह की पेंटिंग उठाए हुए है ",
  Thai: "เพื่อนร่วมงานสองคนหัวเราะหน้ากำแพงสีเขียวขณะที่คนที่สามถือภาพวาดท่าเรือขนาดใหญ่ ",
  Chinese: "两位同事在绿色的墙前大笑，第三位举着一幅描绘黎明时分港口的大画。",
  Japanese: "緑の壁の前で二人の同僚が笑い、三人目が夜明けの港を描いた大きな絵を掲げている。",
  Korean: "초록색 벽 앞에서 두 동료가 웃고 있고 세 번째 동료는 새벽 항구를 그린 큰 그림을 들고 있다. ",
  emoji: "😀🎉👨‍👩‍👧‍👦🏳️‍🌈🫠",
  Armenian: "Երկու գործընկեր ծիծաղում են կանաչ պատի առջև ",
  Amharic: "ሁለት ባልደረቦች በአረንጓዴ ግድግዳ ፊት ይስቃሉ ",
  Cherokee: "ᏣᎳᎩ ᎦᏬᏂᎯᏍᏗ ",
  hieroglyphs: "𓀀𓀁𓀂𓀃",
  "circled letters": "ⓐⓑⓒⓓ",
  capitals: "THE QUICK BROWN FOX JUMPS OVER THE LAZY DOG ",
};

test.each(
  Object.entries(TEXTS),
)("%s in an answer costs no more than estimated, and not half of it", (_, text) => {
  const answer = JSON.stringify({ id: "65f0aa0c3b1d2e4f5a6b7c8d", altText: text.repeat(5) });
  const tokens = countTokens(answer);
  expect(estimateTokens(answer)).toBeGreaterThanOrEqual(tokens * 0.9);
  expect(estimateTokens(answer)).toBeLessThan(tokens * 2);
});

test("ids and URLs are estimated within a half", () => {
  const url = `https://cdn.prod.website-files.com/${randomBytes(12).toString("hex")}/${randomBytes(12).toString("hex")}_team%20photo.jpg`;
  const tokens = countTokens(url);
  expect(Math.abs(estimateTokens(url) - tokens)).toBeLessThan(tokens / 2);
});

test("long stretches of spaces are not free", () => {
  const text = " ".repeat(3_000);
  expect(estimateTokens(text)).toBeGreaterThanOrEqual(countTokens(text) * 0.9);
});

describe("an answer that is too large", () => {
  const path = `Campaigns/${"a name of a folder that does not end ".repeat(3_000)}/Spring`;

  it("has its longest texts cut in the middle, and keeps cursors, URLs and everything short", () => {
    const url = `https://example.com/${"x".repeat(500)}`;
    const answer = {
      id: "65f0aa0c3b1d2e4f5a6b7c8d",
      folder: { path },
      url,
      nextCursor: "c".repeat(500),
      total: 3,
    };
    const told = withShortTexts(answer);
    expect(told).toEqual({
      ...answer,
      folder: { path: expect.stringMatching(/^Campaigns\/.*….*\/Spring$/) },
    });
    expect(countTokens(JSON.stringify(told))).toBeLessThan(8_000);
  });

  it("has all of them cut to one length, which is as long as the answer allows", () => {
    const told = withShortTexts(Array.from({ length: 100 }, () => ({ path })));
    expect(new Set(told.map((one) => one.path.length)).size).toBe(1);
    expect(countTokens(JSON.stringify(told))).toBeLessThan(8_000);
  });

  it("is left as it is while it is not", () => {
    const answer = { notes: ["a note ".repeat(200)] };
    expect(withShortTexts(answer)).toBe(answer);
  });
});

test("records are counted as far as they fit, the first one in any case", () => {
  const records = Array.from({ length: 100 }, () => ({ text: TEXTS.English }));
  expect(countFitting(records, 1_000_000)).toBe(100);
  expect(countFitting(records, 300)).toBeGreaterThan(5);
  expect(countFitting(records, 300)).toBeLessThan(15);
  expect(countFitting(records, 1)).toBe(1);
  expect(countFitting([], 10)).toBe(0);
});
