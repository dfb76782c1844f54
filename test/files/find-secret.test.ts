import { describe, expect, it } from "vitest";
import { findSecret, namesSecret } from "../../src/files/find-secret.js";
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

describe("a secret", () => {
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
    ["environment.svg", false],
    ["secretary.jpg", false],
    ["team-photo.jpg", false],
  ])("is said by the name %s: %s", (name, says) => {
    expect(namesSecret(name)).toBe(says);
  });
});
