import { describe, expect, it } from "vitest";
import { findSecret, namesSecret, spellingsOf } from "../../src/files/find-secret.js";
import { lottieJson, pngBytes, svgBytes } from "../builders/bytes.js";

/** Put together here, so that no scanner of repositories takes them for real ones. */
const digits = "0123456789";
const mixed = "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0eF3hJ6lM9o";

const SECRETS: [string, string][] = [
  ["a private key", `-----BEGIN OPENSSH ${"PRIVATE"} KEY-----\n`],
  ["a PuTTY private key", `PuTTY-User-Key-File-${3}: ssh-ed25519`],
  ["an age private key", `AGE-SECRET-KEY-${1}${"Q".repeat(58)}`],
  ["an AWS access key", `key: ${"AKIA"}Z7QX3MN5PL2KJ8RT`],
  ["an AWS secret key", `aws_secret_access_key = ${mixed}`],
  ["an Azure storage key", `AccountKey=${"a".repeat(86)}==`],
  ["a Google API key", `${"AIza"}${mixed.slice(0, 35)} `],
  ["a GitHub token", `${"ghp"}_${mixed.slice(0, 36)}`],
  ["a GitLab token", `${"glpat"}-${mixed.slice(0, 20)}`],
  ["a Slack token", `${"xoxb"}-${digits}-${mixed}`],
  ["an npm token", `${"npm"}_${mixed.slice(0, 36)}`],
  ["a Stripe key", `${"sk"}_live_${mixed}`],
  ["an Anthropic key", `${"sk"}-ant-${mixed}`],
  ["a signed token (JWT)", `${"eyJ"}hbGciOiJIUzI1NiJ9.${"eyJ"}zdWIiOiIxMjM0NTY3ODkwIn0.${mixed}`],
  ["a connection string with its password", "DATABASE_URL=postgres://app:hunter22@db.example.com/app"],
  ['a column "Password"', 'Title,URL,Username,"Password"\nShop,https://example.com,me,hunter22\n'],
];

/** Each with as many characters as it takes: with the last of them gone, it is none. */
const SHORTEST: [string, string][] = [
  ["an age private key", `AGE-SECRET-KEY-${1}${"Q".repeat(58)}`],
  ["an AWS secret key", `aws${"-".repeat(20)}secret${"-".repeat(20)}":  '${mixed}`],
  ["an Azure storage key", `AccountKey=${"a".repeat(86)}==`],
  ["a Google API key", `${"AIza"}${mixed.slice(0, 35)}`],
  ["a GitHub token", `${"gho"}_${mixed.slice(0, 36)}`],
  ["a GitHub token", `${"github"}_pat_${mixed}${mixed.slice(0, 20)}`],
  ["a GitLab token", `${"glpat"}-${mixed.slice(0, 20)}`],
  ["a Slack token", `${"xoxp"}-1${mixed.slice(0, 10)}`],
  ["a Slack webhook", `hooks.${"slack"}.com/services/T12345A/B12345A/${mixed.slice(0, 16)}`],
  ["an npm token", `${"npm"}_${mixed.slice(0, 36)}`],
  ["a Stripe key", `${"rk"}_live_${mixed.slice(0, 20)}`],
  ["a Stripe key", `${"whsec"}_${mixed.slice(0, 20)}`],
  ["an OpenAI key", `${"sk"}-proj-${mixed}`],
  ["an OpenAI key", `${"sk"}-${mixed.slice(0, 20)}T3BlbkFJ`],
  ["an Anthropic key", `${"sk"}-ant-${mixed.slice(0, 20)}`],
  ["a SendGrid key", `${"SG"}.${mixed.slice(0, 22)}.${mixed}abc`],
  [
    "a signed token (JWT)",
    `${"eyJ"}${mixed.slice(0, 10)}.${"eyJ"}${mixed.slice(0, 10)}.${mixed.slice(0, 20)}`,
  ],
  ["a connection string with its password", "mongodb://app:abc@"],
  ["a connection string with its password", "mongodb+srv://app:abc@"],
  ["a connection string with its password", "redis://a:abc@"],
  ["a connection string with its password", "rediss://a:abc@"],
  ["a connection string with its password", "amqp://a:abc@"],
  ["a connection string with its password", "postgresql://a:abc@"],
];

/** What is like a secret, but for one part that is too short. */
const TOO_SHORT = [
  `hooks.${"slack"}.com/services/T1234/B12345A/${mixed.slice(0, 16)}`,
  `hooks.${"slack"}.com/services/T12345A/B1234/${mixed.slice(0, 16)}`,
  `${"SG"}.${mixed.slice(0, 21)}.${mixed}abc`,
  `${"sk"}-${mixed.slice(0, 19)}T3BlbkFJ`,
  `${"eyJ"}${mixed.slice(0, 9)}.${"eyJ"}${mixed.slice(0, 10)}.${mixed.slice(0, 20)}`,
  "postgres://app:ab@db.example.com",
  `aws secret = ${mixed}A`,
  `aws secret = ${mixed.slice(0, 33)}EXAMPLE`,
];

describe("a secret", () => {
  it.each(SHORTEST)("is found by its last character: %s", async (title, text) => {
    expect(await findSecret(Buffer.from(`key ${text}`))).toBe(title);
    expect(await findSecret(Buffer.from(`key ${text.slice(0, -1)}`))).toBeUndefined();
  });

  it.each(
    TOO_SHORT,
  )("is not found where a part of it is too short, too long, or an example: %#", async (text) => {
    expect(await findSecret(Buffer.from(text))).toBeUndefined();
  });

  it.each([
    "password",
    "Passwort",
    "login_password",
    "client_secret",
    "client secret",
    "clientsecret",
    "API-Key",
    "apikey",
    "private key",
    "PrivateKey",
    "recovery code",
    "recovery_codes",
    "recoverycodes",
    "密码",
  ])("is a column of its own: %s", async (head) => {
    expect(await findSecret(Buffer.from(`Name;${head}\r\nme;hunter22\r\n`))).toBe(`a column "${head}"`);
    expect(await findSecret(Buffer.from(`Name;my ${head}\nme;hunter22`))).toBeUndefined();
    expect(await findSecret(Buffer.from(`Name;${head} hint\nme;hunter22`))).toBeUndefined();
  });

  it("is a column by its whole name, whose quotes are left out", async () => {
    expect(await findSecret(Buffer.from('\ufeff"Name"\t"Password"\n"me"\t"x"'))).toBe('a column "Password"');
    expect(await findSecret(Buffer.from("Password , Name\nx,me"))).toBe('a column "Password"');
    expect(await findSecret(Buffer.from('Name,Password\nme,""'))).toBeUndefined();
    expect(await findSecret(Buffer.from('Name,Pass"word\nme,x'))).toBeUndefined();
    expect(await findSecret(Buffer.from("Password\nx"))).toBeUndefined();
  });

  it.each(SECRETS)("is found: %s", async (title, text) => {
    expect(await findSecret(Buffer.from(`A text before it.\n${text}`.replace(/^.*\n(?=Title)/, "")))).toBe(
      title,
    );
  });

  it.each([
    [
      "prose",
      "Our password policy: never send a password by mail. Bearer bonds. sk-8 skates, eyJafjallajökull.",
    ],
    ["a price list", "Article,Price,Key\nA-1,12.50,Q1\n"],
    ["a form without passwords", "Name,Password\nAnna,\nBert,\n"],
    ["a column of another meaning", "Name,Token ring,Secret ingredient\nx,1,salt\n"],
    ["the examples of documentation", "AKIAIOSFODNN7EXAMPLE wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"],
    ["a link with a name in it", "https://user@example.com/photo.jpg, mailto:me@example.com"],
    [
      "an SVG with a picture in it",
      svgBytes(`<image href="data:image/png;base64,${pngBytes(5_000).toString("base64")}"/>`),
    ],
    ["an animation", lottieJson()],
    ["a picture", pngBytes()],
  ])("is not found in %s", async (_, text) => {
    expect(await findSecret(Buffer.from(text))).toBeUndefined();
  });

  it("is looked for in time that grows with the text only", async () => {
    const text = ["-----BEGIN ", "eyJaaaaaaaaaaa.", "aws secret ", "postgres://a:"].map((part) =>
      part.repeat(100_000),
    );
    for (const repeated of text) expect(await findSecret(Buffer.from(repeated))).toBeUndefined();
  });

  it.each([
    ["Passwords 2026.csv", true],
    ["recovery-codes.txt", true],
    ["env.txt", true],
    ["aws_credentials.txt", true],
    ["top-secret.txt", true],
    ["secrets.txt", true],
    ["Kennwort.txt", true],
    ["my.env.txt", false],
    ["environment.svg", false],
    ["secretary.jpg", false],
    ["team-photo.jpg", false],
  ])("is said by the name %s: %s", (name, says) => {
    expect(namesSecret(name)).toBe(says);
  });
});

describe("a token", () => {
  const token = "ws-Zm9v+YmFy/1234567890abcdef~";
  const isFound = (bytes: Buffer) => spellingsOf(token).some((spelling) => bytes.includes(spelling));

  it.each<[string, Buffer]>([
    ["as it is", Buffer.from(`token: ${token}\n`)],
    ["in UTF-16", Buffer.from(`token: ${token}`, "utf16le")],
    ["in UTF-16, the other way round", Buffer.from(`token: ${token}`, "utf16le").swap16()],
    ["in hexadecimal", Buffer.from(Buffer.from(`a${token}b`).toString("hex"))],
    ["in base64", Buffer.from(Buffer.from(token).toString("base64"))],
    ["in base64, behind a name", Buffer.from(Buffer.from(`user:${token}`).toString("base64"))],
    ["in base64, in the middle", Buffer.from(Buffer.from(`name=${token}&x`).toString("base64"))],
    ["in base64 for URLs", Buffer.from(Buffer.from(`{"a":"${token}"}`).toString("base64url"))],
  ])("is found %s", (_, bytes) => {
    expect(isFound(bytes)).toBe(true);
  });

  it("is found in hexadecimal of either case", () => {
    const hex = Buffer.from(token).toString("hex");
    expect(hex).toMatch(/[a-f]/);
    expect(isFound(Buffer.from(hex.toUpperCase()))).toBe(true);
  });

  it("is looked for by spellings about as long as itself, so that nothing else is taken for it", () => {
    for (const spelling of spellingsOf(token)) expect(spelling.length).toBeGreaterThanOrEqual(token.length);
  });

  it("is not found in the half of it", () => {
    const half = token.slice(0, 15);
    expect(isFound(Buffer.from(half + Buffer.from(half).toString("base64")))).toBe(false);
  });
});
